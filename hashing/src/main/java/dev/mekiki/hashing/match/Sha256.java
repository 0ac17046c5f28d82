package dev.mekiki.hashing.match;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// A SHA-256 of image bytes, compared by value, in the order of its hexadecimal form.
///
/// @param a bytes 0 to 7, big-endian
/// @param b bytes 8 to 15
/// @param c bytes 16 to 23
/// @param d bytes 24 to 31
public record Sha256(long a, long b, long c, long d) implements Comparable<Sha256> {
  private static final int BYTES = 32;

  /// The digest of the given bytes.
  ///
  /// @throws IllegalArgumentException unless there are 32
  public static Sha256 of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "sha256: %d bytes (expected: %d)".formatted(bytes.length, BYTES));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Sha256(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
  }

  /// The digest of its hexadecimal form.
  ///
  /// @throws IllegalArgumentException unless there are 64 hexadecimal digits
  public static Sha256 fromHex(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /// 64 hexadecimal digits, in lower case.
  public String toHex() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(a) + hex.toHexDigits(b) + hex.toHexDigits(c) + hex.toHexDigits(d);
  }

  @Override
  public int compareTo(Sha256 other) {
    int order = Long.compareUnsigned(a, other.a);
    order = order != 0 ? order : Long.compareUnsigned(b, other.b);
    order = order != 0 ? order : Long.compareUnsigned(c, other.c);
    return order != 0 ? order : Long.compareUnsigned(d, other.d);
  }
}
