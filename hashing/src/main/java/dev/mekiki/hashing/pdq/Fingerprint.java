package dev.mekiki.hashing.pdq;

import dev.mekiki.hashing.code.HashCode;
import java.util.HexFormat;

/// A PDQ fingerprint.
///
/// @param code 256 bits; bit 16 i + j belongs to the frequency i + 1 along columns and j + 1 along
///   rows
/// @param quality 0 (a flat picture: the bits mean nothing) to 100
public record Fingerprint(HashCode code, int quality) {
  public static final int BITS = 256;

  /// Least quality of a fingerprint that says something about its picture, by PDQ's own
  /// recommendation.
  public static final int MIN_QUALITY = 50;

  public Fingerprint {
    if (code.bits() != BITS) {
      throw new IllegalArgumentException(
          "fingerprint: %d bits (expected: %d)".formatted(code.bits(), BITS));
    }
    if (quality < 0 || quality > 100) {
      throw new IllegalArgumentException("quality: %d (expected: 0..100)".formatted(quality));
    }
  }

  /// Whether the picture has too little structure for its fingerprint to say anything: fingerprints
  /// of such pictures lie close to each other by chance.
  public boolean isFeatureless() {
    return quality < MIN_QUALITY;
  }

  /// The fingerprint of PDQ's text form, as other implementations of PDQ write it.
  ///
  /// @param hex 64 hexadecimal digits
  /// @param quality 0 to 100
  /// @throws IllegalArgumentException if one of these does not hold
  public static Fingerprint fromPdqHex(String hex, int quality) {
    if (hex.length() != BITS / 4) {
      throw new IllegalArgumentException(
          "fingerprint: '%s' (expected: %d hexadecimal digits)".formatted(hex, BITS / 4));
    }
    return new Fingerprint(HashCode.fromBytes(reversed(HexFormat.of().parseHex(hex))), quality);
  }

  /// PDQ's text form: 64 hexadecimal digits, bit 255 first. It is {@link HashCode#toHex}, which
  /// starts at bit 0, with its bytes in reverse.
  public String toPdqHex() {
    return HexFormat.of().formatHex(reversed(code.toBytes()));
  }

  /// Hamming distance, 0 to 256; copies of one picture lie within 31 by PDQ's own recommendation.
  public int distance(Fingerprint other) {
    return code.distance(other.code);
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}
