package dev.mekiki.hashing.policy;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;
import org.jspecify.annotations.Nullable;

/// What makes no events. Its tenant is the one whose images it mutes; null for those of every
/// tenant, empty for those of the default tenant.
public sealed interface Muted {
  /// Whose images it mutes.
  @Nullable String tenant();

  /// One image, whatever its bytes are.
  record Image(@Nullable String tenant, String id) implements Muted {}

  /// All pictures with features whose fingerprints lie near one.
  ///
  /// @param fingerprint 256 bits
  /// @param radius largest distance that is muted, 0 to 256
  record Picture(@Nullable String tenant, HashCode fingerprint, int radius) implements Muted {
    /// @throws IllegalArgumentException if one of these does not hold
    public Picture {
      if (fingerprint.bits() != Fingerprint.BITS) {
        throw new IllegalArgumentException(
            "fingerprint: %d bits (expected: %d)".formatted(fingerprint.bits(), Fingerprint.BITS));
      }
      if (radius < 0 || radius > Fingerprint.BITS) {
        throw new IllegalArgumentException(
            "radius: %d (expected: 0..%d)".formatted(radius, Fingerprint.BITS));
      }
    }
  }

  /// All images of the same bytes.
  record Bytes(@Nullable String tenant, Sha256 sha256) implements Muted {}
}
