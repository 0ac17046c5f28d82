package dev.mekiki.index.partition;

import dev.mekiki.hashing.match.MatchPolicy;

/// What is a match, and how many of one arrival are told.
///
/// @param policy the thresholds
/// @param maxEventsPerArrival cap on events of one arrival in one partition, at least 1; the
///   nearest are told, the number of the others goes with each
public record MatchSettings(MatchPolicy policy, int maxEventsPerArrival) {
  public MatchSettings {
    if (maxEventsPerArrival < 1) {
      throw new IllegalArgumentException(
          "maxEventsPerArrival: %d (expected: at least 1)".formatted(maxEventsPerArrival));
    }
  }
}
