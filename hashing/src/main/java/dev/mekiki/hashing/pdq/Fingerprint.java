package dev.mekiki.hashing.pdq;

import dev.mekiki.hashing.code.HashCode;

/// A PDQ fingerprint.
///
/// @param code 256 bits
/// @param quality 0 (flat: the bits say nothing) to 100
public record Fingerprint(HashCode code, int quality) {
  public static final int BITS = 256;

  public Fingerprint {
    if (code.bits() != BITS) {
      throw new IllegalArgumentException(
          "fingerprint: %d bits (expected: %d)".formatted(code.bits(), BITS));
    }
    if (quality < 0 || quality > 100) {
      throw new IllegalArgumentException("quality: %d (expected: 0..100)".formatted(quality));
    }
  }

  /// Hamming distance, 0 to 256; copies of one picture lie within 31 by PDQ's own recommendation.
  public int distance(Fingerprint other) {
    return code.distance(other.code);
  }
}
