package dev.mekiki.index.partition;

import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.index.flood.FloodSettings;
import dev.mekiki.schemas.image.MetadataKeys;

/// What is a match, and how many events one arrival may emit.
///
/// @param policy the thresholds
/// @param origins which pairs are left out by where their images come from
/// @param floods when a picture makes no events for a while
/// @param inEvents which metadata of their images events carry
/// @param maxEventsPerArrival cap on events of one arrival in one partition; the nearest are
///   emitted, the number of the others goes with each. 0 switches matching off: images are kept for
///   searches alone
public record MatchSettings(
    MatchPolicy policy,
    OriginFilter origins,
    FloodSettings floods,
    MetadataKeys inEvents,
    int maxEventsPerArrival) {
  /// Settings that keep tenants apart, leave out nothing else, and know no flood.
  public MatchSettings(MatchPolicy policy, int maxEventsPerArrival) {
    this(policy, OriginFilter.DEFAULT, FloodSettings.OFF, MetadataKeys.NONE, maxEventsPerArrival);
  }

  public MatchSettings {
    if (maxEventsPerArrival < 0) {
      throw new IllegalArgumentException(
          "maxEventsPerArrival: %d (expected: at least 0)".formatted(maxEventsPerArrival));
    }
  }

  /// True where arrivals are matched at all.
  public boolean isOn() {
    return maxEventsPerArrival > 0;
  }
}
