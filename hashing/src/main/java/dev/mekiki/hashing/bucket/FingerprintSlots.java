package dev.mekiki.hashing.bucket;

/// The 32 slots of 8 bits that a fingerprint is cut into for the {@link FingerprintIndex}. They
/// form a ring: the first follows the last.
final class FingerprintSlots {
  static final int COUNT = 32;
  static final int BITS = 8;

  /// Bits of a window: a slot, from the lowest bit, and the two after it.
  static final int WINDOW_BITS = 3 * BITS;

  private static final int PER_WORD = Long.SIZE / BITS;
  private static final int WORDS = COUNT / PER_WORD;

  private FingerprintSlots() {}

  private static int window(long word, long nextWord, int slot) {
    int shift = slot % PER_WORD * BITS;
    // Shifted by 1 and then by the rest, since a shift by all 64 bits would be none.
    long bits = (word >>> shift) | (nextWord << 1 << (Long.SIZE - 1 - shift));
    return (int) bits & ((1 << WINDOW_BITS) - 1);
  }

  /// The bits of a fingerprint from a slot on.
  static int window(long[] words, int slot) {
    int word = slot / PER_WORD;
    return window(words[word], words[(word + 1) % WORDS], slot);
  }

  /// The bits of a row's fingerprint from a slot on.
  static int window(Columns columns, int offset, int slot) {
    int word = slot / PER_WORD;
    return window(
        columns.fingerprintWord(offset, word),
        columns.fingerprintWord(offset, (word + 1) % WORDS),
        slot);
  }
}
