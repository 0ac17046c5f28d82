package dev.mekiki.training.report.writer;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// An axis of a plot.
///
/// @param label what it measures, and in what unit; may be empty
/// @param from its smallest value, above 0 if the axis is logarithmic
/// @param to its largest, above `from`
/// @param logarithmic true if equal factors are equally far apart
public record Axis(String label, double from, double to, boolean logarithmic) {
  private static final int LINEAR_TICKS = 4;

  public Axis {
    if (!(from < to) || (logarithmic && from <= 0)) {
      throw new IllegalArgumentException(
          "axis: %s to %s (expected: rising%s)"
              .formatted(from, to, logarithmic ? ", above 0" : ""));
    }
  }

  /// A linear axis.
  public Axis(String label, double from, double to) {
    this(label, from, to, false);
  }

  /// A linear axis from 0 on.
  public static Axis upTo(String label, double to) {
    return new Axis(label, 0, to);
  }

  /// A logarithmic axis.
  public static Axis logarithmic(String label, double from, double to) {
    return new Axis(label, from, to, true);
  }

  /// Where a value lies: 0 at the start of the axis, 1 at its end.
  double share(double value) {
    return logarithmic
        ? Math.log(value / from) / Math.log(to / from)
        : (value - from) / (to - from);
  }

  /// The values to mark: five from start to end, or the powers of ten of a logarithmic axis.
  double[] ticks() {
    return logarithmic
        ? IntStream.rangeClosed((int) Math.ceil(Math.log10(from)), (int) Math.floor(Math.log10(to)))
            .mapToDouble(power -> Math.pow(10, power))
            .toArray()
        : DoubleStream.iterate(0, i -> i <= LINEAR_TICKS, i -> i + 1)
            .map(i -> from + (to - from) * i / LINEAR_TICKS)
            .toArray();
  }
}
