package dev.mekiki.hashing.match;

import dev.mekiki.hashing.bucket.CandidateCriteria;
import dev.mekiki.hashing.pdq.Fingerprint;
import org.jspecify.annotations.Nullable;

/// The thresholds of matching within one generation.
///
/// @param reach whether EXACT and DUPLICATE require codes within the match radius
/// @param radius the match radius: largest code distance of EXACT and DUPLICATE where the reach is
///   CODES, at least 0; of no account where it is EVERYWHERE
/// @param fingerprintRadius largest fingerprint distance of DUPLICATE, 0 to 256
/// @param nearRadius largest code distance of NEAR, at least 0; null if NEAR is off
public record MatchPolicy(
    Reach reach, int radius, int fingerprintRadius, @Nullable Integer nearRadius) {
  /// PDQ's recommendation for the largest distance between copies of one picture.
  public static final int RECOMMENDED_FINGERPRINT_RADIUS = 31;

  public MatchPolicy {
    if (radius < 0) {
      throw new IllegalArgumentException(
          "match radius: %d (expected: at least 0)".formatted(radius));
    }
    if (fingerprintRadius < 0 || fingerprintRadius > Fingerprint.BITS) {
      throw new IllegalArgumentException(
          "fingerprint radius: %d (expected: 0..%d)"
              .formatted(fingerprintRadius, Fingerprint.BITS));
    }
    if (nearRadius != null && nearRadius < 0) {
      throw new IllegalArgumentException(
          "near radius: %d (expected: at least 0)".formatted(nearRadius));
    }
  }

  /// Which images may match an arrival. The same bytes have the same fingerprint, but for rounding
  /// on different machines, so that no EXACT match is lost: a fingerprint radius below 31 counts as
  /// 31 here.
  ///
  /// @param bits q
  public CandidateCriteria criteria(int bits) {
    return new CandidateCriteria(
        Math.max(fingerprintRadius, RECOMMENDED_FINGERPRINT_RADIUS),
        reach == Reach.EVERYWHERE ? bits : radius,
        nearRadius == null ? CandidateCriteria.OFF : nearRadius);
  }

  /// The largest code distance of any match, where the reach is CODES: with this {@link
  /// dev.mekiki.hashing.routing.Routing#probed} finds the partitions that may hold one.
  public int codeRadius() {
    return nearRadius == null ? radius : Math.max(radius, nearRadius);
  }
}
