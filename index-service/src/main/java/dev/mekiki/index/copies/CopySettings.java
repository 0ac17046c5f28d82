package dev.mekiki.index.copies;

import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.index.flood.FloodSettings;

/// How copies are looked for.
///
/// @param policy what is found without landmarks
/// @param origins which pairs are left out by where their images come from
/// @param floods when a picture is not looked up any more
/// @param partitions of landmarks, at least 1
/// @param maxCandidates most pairs that one arrival passes on in one partition; those whose
///   fingerprints are nearest, then those with most votes
public record CopySettings(
    MatchPolicy policy,
    OriginFilter origins,
    FloodSettings floods,
    int partitions,
    int maxCandidates) {
  /// Beyond so many images for each pair allowed, the rest is not looked up: they share the least.
  public static final int LOOKUPS_PER_PAIR = 10;

  /// Fewer places at which landmarks agree are chance.
  static final int MIN_VOTES = 2;

  /// Largest distance of fingerprints by which turned and trimmed pictures are found. More than
  /// copies have would only make more work: an alignment decides.
  int radius() {
    return Math.min(policy.fingerprintRadius(), MatchPolicy.RECOMMENDED_FINGERPRINT_RADIUS);
  }

  public CopySettings {
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "partitions: %d (expected: at least 1)".formatted(partitions));
    }
    if (maxCandidates < 1) {
      throw new IllegalArgumentException(
          "maxCandidates: %d (expected: at least 1)".formatted(maxCandidates));
    }
  }
}
