package dev.mekiki.hashing.code;

import java.util.Arrays;
import java.util.HexFormat;

/// A hash code: q bits packed in longs, bit i in bit `i % 64` of word `i / 64`. Bit 1 means that
/// the network's output was above 0. Immutable, compared by value.
///
/// Its byte form is the words in little-endian order, q / 8 bytes; its text form is those bytes in
/// hexadecimal, q / 4 digits.
public final class HashCode {
  /// Smallest and largest number of bits, and the unit between them: a code is whole bytes.
  public static final int MIN_BITS = 16;

  public static final int MAX_BITS = 256;

  private final int bits;
  private final long[] words;

  private HashCode(int bits, long[] words) {
    this.bits = bits;
    this.words = words;
  }

  /// The code of the given words.
  ///
  /// @param bits q, 16 to 256, a multiple of 8
  /// @param words ceil(q / 64) longs; bits past q must be 0
  /// @throws IllegalArgumentException if one of these does not hold
  public static HashCode of(int bits, long... words) {
    checkBits(bits);
    if (words.length != wordCount(bits)) {
      throw new IllegalArgumentException(
          "words: %d longs (expected: %d for %d bits)"
              .formatted(words.length, wordCount(bits), bits));
    }
    if (bits % Long.SIZE != 0 && words[words.length - 1] >>> (bits % Long.SIZE) != 0) {
      throw new IllegalArgumentException(
          "words: a bit past bit %d is 1 (expected: all 0)".formatted(bits));
    }
    return new HashCode(bits, words.clone());
  }

  /// The code of the given bytes, 8 bits each.
  ///
  /// @throws IllegalArgumentException unless there are 2 to 32 bytes
  public static HashCode fromBytes(byte[] bytes) {
    int bits = bytes.length * Byte.SIZE;
    checkBits(bits);
    long[] words = new long[wordCount(bits)];
    for (int i = 0; i < bytes.length; i++) {
      words[i / Long.BYTES] |= (bytes[i] & 0xFFL) << (i % Long.BYTES * Byte.SIZE);
    }
    return new HashCode(bits, words);
  }

  /// The code of its text form.
  ///
  /// @throws IllegalArgumentException unless the text is 4 to 64 hexadecimal digits, two a byte
  public static HashCode fromHex(String hex) {
    try {
      return fromBytes(HexFormat.of().parseHex(hex));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "code: '%s' (expected: q / 4 hexadecimal digits, q of %d to %d bits)"
              .formatted(hex, MIN_BITS, MAX_BITS),
          e);
    }
  }

  /// The code whose bit i is 1 where `outputs[i]` is above 0.
  ///
  /// @param outputs q values, q as in {@link #of}
  public static HashCode fromOutputs(float... outputs) {
    checkBits(outputs.length);
    long[] words = new long[wordCount(outputs.length)];
    for (int i = 0; i < outputs.length; i++) {
      if (outputs[i] > 0) {
        words[i / Long.SIZE] |= 1L << i;
      }
    }
    return new HashCode(outputs.length, words);
  }

  /// Number of longs that hold the given number of bits.
  public static int wordCount(int bits) {
    return (bits + Long.SIZE - 1) / Long.SIZE;
  }

  /// q.
  public int bits() {
    return bits;
  }

  /// Word i of the packed form, i below {@link #wordCount}.
  public long word(int i) {
    return words[i];
  }

  /// A copy of the packed words.
  public long[] words() {
    return words.clone();
  }

  public boolean bit(int i) {
    return (words[i / Long.SIZE] >>> i & 1) != 0;
  }

  /// Hamming distance, 0 to q.
  ///
  /// @throws IllegalArgumentException if the other code has another number of bits
  public int distance(HashCode other) {
    if (bits != other.bits) {
      throw new IllegalArgumentException(
          "code: %d bits (expected: %d)".formatted(other.bits, bits));
    }
    int distance = 0;
    for (int i = 0; i < words.length; i++) {
      distance += Long.bitCount(words[i] ^ other.words[i]);
    }
    return distance;
  }

  public byte[] toBytes() {
    byte[] bytes = new byte[bits / Byte.SIZE];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (words[i / Long.BYTES] >>> (i % Long.BYTES * Byte.SIZE));
    }
    return bytes;
  }

  public String toHex() {
    return HexFormat.of().formatHex(toBytes());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HashCode code && bits == code.bits && Arrays.equals(words, code.words);
  }

  @Override
  public int hashCode() {
    return 31 * bits + Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return toHex();
  }

  private static void checkBits(int bits) {
    if (bits < MIN_BITS || bits > MAX_BITS || bits % Byte.SIZE != 0) {
      throw new IllegalArgumentException(
          "bits: %d (expected: a multiple of %d, %d to %d)"
              .formatted(bits, Byte.SIZE, MIN_BITS, MAX_BITS));
    }
  }
}
