package dev.mekiki.hashing.bucket;

/// The 16 slots of 16 bits that a fingerprint is cut into for the {@link FingerprintIndex}.
final class FingerprintSlots {
  static final int COUNT = 16;
  static final int PAIRS = COUNT / 2;
  static final int BITS = 16;

  /// Number of different values of a slot.
  static final int VALUES = 1 << BITS;

  private static final int PER_WORD = Long.SIZE / BITS;

  private FingerprintSlots() {}

  private static int value(long word, int slot) {
    return (int) (word >>> ((slot % PER_WORD) * BITS)) & (VALUES - 1);
  }

  /// The value of a slot of a fingerprint.
  static int value(long[] words, int slot) {
    return value(words[slot / PER_WORD], slot);
  }

  /// The value of a slot of a row's fingerprint.
  static int value(Columns columns, int offset, int slot) {
    return value(columns.fingerprintWord(offset, slot / PER_WORD), slot);
  }

  /// The slot that is looked at beside a slot.
  static int partner(int slot) {
    return slot ^ PAIRS;
  }
}
