package dev.mekiki.index.partition;

import dev.mekiki.hashing.match.MatchPolicy;

/// What is a match, and how many events one arrival may emit.
///
/// @param policy the thresholds
/// @param maxEventsPerArrival cap on events of one arrival in one partition; the nearest are
///   emitted, the number of the others goes with each. 0 switches matching off: images are kept for
///   searches alone
public record MatchSettings(MatchPolicy policy, int maxEventsPerArrival) {
  public MatchSettings {
    if (maxEventsPerArrival < 0) {
      throw new IllegalArgumentException(
          "maxEventsPerArrival: %d (expected: at least 0)".formatted(maxEventsPerArrival));
    }
  }

  /// True where arrivals are matched at all.
  boolean isOn() {
    return maxEventsPerArrival > 0;
  }
}
