package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.pdq.Fingerprint;

/// Which images are candidates for a match with an arrival: those whose fingerprint *and* code lie
/// within the first two radii, and those whose code lies within the near radius, whatever their
/// fingerprint.
///
/// @param fingerprintRadius 0 to 256
/// @param codeRadius at least 0; q, or anything above, lets every code pass
/// @param nearRadius at least 0, or {@link #OFF}: then there is no second way to be a candidate
public record CandidateCriteria(int fingerprintRadius, int codeRadius, int nearRadius) {
  /// The near radius of criteria without one.
  public static final int OFF = -1;

  public CandidateCriteria {
    if (fingerprintRadius < 0 || fingerprintRadius > Fingerprint.BITS) {
      throw new IllegalArgumentException(
          "fingerprintRadius: %d (expected: 0..%d)".formatted(fingerprintRadius, Fingerprint.BITS));
    }
    if (codeRadius < 0) {
      throw new IllegalArgumentException(
          "codeRadius: %d (expected: at least 0)".formatted(codeRadius));
    }
    if (nearRadius < OFF) {
      throw new IllegalArgumentException(
          "nearRadius: %d (expected: at least 0, or %d for off)".formatted(nearRadius, OFF));
    }
  }

  /// True if an image at these distances is a candidate.
  public boolean accept(int codeDistance, int fingerprintDistance) {
    return (fingerprintDistance <= fingerprintRadius && codeDistance <= codeRadius)
        || codeDistance <= nearRadius;
  }
}
