package dev.mekiki.centers.solve;

/// Which bits of which centers must stay: those in which a center differs from another at distance
/// d exactly, which a flip would bring closer. Counts such others for every bit, 64 bits at a time:
/// one word holds the same binary digit of all their counts, so that adding to some is a few
/// operations on words. One owner thread.
final class BlockedBits {
  private final int words;

  /// Digits of a count, of which none exceeds the number of centers.
  private final int digits;

  /// Digit k of the counts of word w of center i: `counts[(i * words + w) * digits + k]`.
  private final long[] counts;

  /// Where counts are above 0: word w of center i at `i * words + w`.
  private final long[] blocked;

  BlockedBits(int words, int centers) {
    this.words = words;
    digits = Integer.SIZE - Integer.numberOfLeadingZeros(centers);
    counts = new long[centers * words * digits];
    blocked = new long[centers * words];
  }

  boolean isBlocked(int center, int bit) {
    return (blocked[center * words + bit / Long.SIZE] >>> bit & 1) != 0;
  }

  /// Counts one more for some bits of a word.
  ///
  /// @return those of them that were free
  long add(int center, int word, long bits) {
    int at = center * words + word;
    long carry = bits;
    for (int digit = at * digits; carry != 0; digit++) {
      long before = counts[digit];
      counts[digit] = before ^ carry;
      carry &= before;
    }
    long freeBefore = bits & ~blocked[at];
    blocked[at] |= bits;
    return freeBefore;
  }

  /// Counts one less for some bits of a word, each of which is blocked.
  ///
  /// @return those of them that are free now
  long remove(int center, int word, long bits) {
    int at = center * words + word;
    long borrow = bits;
    for (int digit = at * digits; borrow != 0; digit++) {
      long before = counts[digit];
      counts[digit] = before ^ borrow;
      borrow &= ~before;
    }
    long blockedNow = 0;
    for (int digit = at * digits; digit < (at + 1) * digits; digit++) {
      blockedNow |= counts[digit];
    }
    blocked[at] = blockedNow;
    return bits & ~blockedNow;
  }
}
