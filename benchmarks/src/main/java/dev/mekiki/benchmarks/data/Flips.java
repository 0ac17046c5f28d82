package dev.mekiki.benchmarks.data;

import dev.mekiki.hashing.code.HashCode;
import java.util.SplittableRandom;

/// Codes near others.
public final class Flips {
  private Flips() {}

  /// A code at a distance of 0 to `limit` from another, each as likely.
  public static HashCode upTo(int limit, HashCode code, SplittableRandom random) {
    long[] words = code.words();
    int left = random.nextInt(limit + 1);
    while (left > 0) {
      int bit = random.nextInt(code.bits());
      long mask = 1L << bit;
      boolean isFlipped = ((words[bit / Long.SIZE] ^ code.word(bit / Long.SIZE)) & mask) != 0;
      if (!isFlipped) {
        words[bit / Long.SIZE] ^= mask;
        left--;
      }
    }
    return HashCode.of(code.bits(), words);
  }
}
