package dev.mekiki.hashing.landmark;

import dev.mekiki.hashing.code.HashCode;

/// The hash of a patch and which of its bits are least certain. Two landmarks are compared only if
/// one of the keys that the hash is cut into is the same, or differs in its least certain bits.
///
/// @param code {@link PatchHasher#BITS} bits
/// @param weakest 10 bits for each key, the first key lowest: in the lower 5 the bit of the key
///   whose coefficient lies closest to the median, in the upper 5 the one that comes next
public record PatchHash(HashCode code, long weakest) {
  /// Keys of a hash.
  public static final int KEYS = 6;

  /// Bits of a key.
  public static final int KEY_BITS = 24;

  /// A key as it is, with its least certain bit changed, with the next one, and with both.
  public static final int VARIANTS = 4;

  /// Bits that say which bit of a key is meant.
  static final int POSITION_BITS = 5;

  /// Bits for the positions of one key.
  static final int WEAKEST_BITS = 2 * POSITION_BITS;

  private static final int POSITION = (1 << POSITION_BITS) - 1;

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

  /// The same key with none, one or both of its least certain bits changed.
  ///
  /// @param variant 0 to below 4: its lowest bit says whether the least certain bit is changed, the
  ///   other one whether the next is
  public int key(int number, int variant) {
    return variant(key(number), weakest, number, variant);
  }

  /// A key with none, one or both of its least certain bits changed.
  ///
  /// @param weakest of the hash that the key is of
  /// @param number of the key
  static int variant(int key, long weakest, int number, int variant) {
    int positions = (int) (weakest >>> (number * WEAKEST_BITS));
    int changed = key;
    if ((variant & 1) != 0) {
      changed ^= 1 << (positions & POSITION);
    }
    if ((variant & 2) != 0) {
      changed ^= 1 << (positions >>> POSITION_BITS & POSITION);
    }
    return changed;
  }
}
