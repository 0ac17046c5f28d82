package dev.mekiki.index.flood;

import java.time.Duration;

/// When a picture goes into quarantine, and when it leaves.
///
/// @param limit most matches of one fingerprint within a window, in one partition; more begin a
///   quarantine. 0 switches flood control off
/// @param window also the time between two events about a quarantine; at least 1 s
/// @param radius fingerprints within it are in quarantine, too; 0 to 256
/// @param arrivalsToStay fewer new images than this in a whole window end a quarantine, at least 1
public record FloodSettings(long limit, Duration window, int radius, int arrivalsToStay) {
  /// No flood control.
  public static final FloodSettings OFF = new FloodSettings(0, Duration.ofMinutes(1), 0, 1);

  public FloodSettings {
    if (limit < 0) {
      throw new IllegalArgumentException("limit: %d (expected: at least 0)".formatted(limit));
    }
    if (window.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("window: %s (expected: at least 1 s)".formatted(window));
    }
    if (arrivalsToStay < 1) {
      throw new IllegalArgumentException(
          "arrivalsToStay: %d (expected: at least 1)".formatted(arrivalsToStay));
    }
  }

  /// Settings under which a quarantine ends once it would hold back fewer matches than began it.
  ///
  /// @param maxEventsPerArrival most matches that one arrival would emit
  public static FloodSettings of(long limit, Duration window, int radius, int maxEventsPerArrival) {
    long arrivals = limit / Math.max(1, maxEventsPerArrival);
    return new FloodSettings(limit, window, radius, Math.clamp(arrivals, 1, Integer.MAX_VALUE));
  }

  /// Whether anything is counted at all.
  boolean isOn() {
    return limit > 0;
  }
}
