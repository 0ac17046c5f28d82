package dev.mekiki.training.report.writer;

/// An axis of a plot.
///
/// @param label what it measures, and in what unit; may be empty
/// @param from its smallest value
/// @param to its largest, above `from`
public record Axis(String label, double from, double to) {
  public Axis {
    if (!(from < to)) {
      throw new IllegalArgumentException("axis: %s to %s (expected: rising)".formatted(from, to));
    }
  }

  /// An axis from 0 on.
  public static Axis upTo(String label, double to) {
    return new Axis(label, 0, to);
  }
}
