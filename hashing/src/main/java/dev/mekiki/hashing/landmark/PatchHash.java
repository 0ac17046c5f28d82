package dev.mekiki.hashing.landmark;

import dev.mekiki.hashing.code.HashCode;

/// The hash of a patch and which of its bits are least certain. Two landmarks are compared only if
/// one of the keys that the hash is cut into is the same, or differs in its least certain bit.
///
/// @param code {@link PatchHasher#BITS} bits
/// @param weakest 5 bits for each key, the first lowest: the bit of the key whose coefficient lies
///   closest to the median
public record PatchHash(HashCode code, int weakest) {
  /// Keys of a hash.
  public static final int KEYS = 6;

  /// Bits of a key.
  public static final int KEY_BITS = 24;

  static final int WEAKEST_BITS = 5;

  /// A key.
  ///
  /// @param number 0 to below {@link #KEYS}
  public int key(int number) {
    int first = number * KEY_BITS;
    int word = first / Long.SIZE;
    long bits = code.word(word) >>> first;
    int have = Long.SIZE - first % Long.SIZE;
    if (have < KEY_BITS) {
      bits |= code.word(word + 1) << have;
    }
    return (int) bits & ((1 << KEY_BITS) - 1);
  }

  /// The same key with its least certain bit changed.
  public int nearKey(int number) {
    return nearKey(key(number), weakest, number);
  }

  /// A key with its least certain bit changed.
  ///
  /// @param weakest of the hash that the key is of
  /// @param number of the key
  static int nearKey(int key, int weakest, int number) {
    int bit = (weakest >>> (number * WEAKEST_BITS)) & ((1 << WEAKEST_BITS) - 1);
    return key ^ (1 << bit);
  }
}
