package dev.mekiki.hashing.match;

import java.nio.ByteBuffer;

/// A SHA-256 of image bytes, compared by value.
///
/// @param a bytes 0 to 7, big-endian
/// @param b bytes 8 to 15
/// @param c bytes 16 to 23
/// @param d bytes 24 to 31
public record Sha256(long a, long b, long c, long d) {
  /// The digest of the given bytes.
  ///
  /// @throws IllegalArgumentException unless there are 32
  public static Sha256 of(byte[] bytes) {
    if (bytes.length != 32) {
      throw new IllegalArgumentException("sha256: %d bytes (expected: 32)".formatted(bytes.length));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Sha256(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
  }
}
