package dev.mekiki.hashing.match;

import dev.mekiki.hashing.pdq.Fingerprint;
import org.jspecify.annotations.Nullable;

/// The thresholds of matching within one generation.
///
/// @param radius the match radius: largest code distance of EXACT and DUPLICATE, at least 0
/// @param fingerprintRadius largest fingerprint distance of DUPLICATE, 0 to 256
/// @param nearRadius largest code distance of NEAR, at least 0; null where NEAR is off
public record MatchPolicy(int radius, int fingerprintRadius, @Nullable Integer nearRadius) {
  /// PDQ's own recommendation of how far copies of one picture lie apart at most.
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

  /// The largest code distance of any match: it must not pass the generation's replication radius,
  /// within which alone matching is complete.
  public int codeRadius() {
    return nearRadius == null ? radius : Math.max(radius, nearRadius);
  }

  /// The largest fingerprint distance that a candidate needs to be looked at for. Where NEAR is off
  /// that leaves out almost everything in a hot bucket. The same bytes have the same fingerprint up
  /// to the rounding of different machines, so no EXACT is lost.
  public int candidateFingerprintRadius() {
    return nearRadius == null
        ? Math.max(fingerprintRadius, RECOMMENDED_FINGERPRINT_RADIUS)
        : Fingerprint.BITS;
  }
}
