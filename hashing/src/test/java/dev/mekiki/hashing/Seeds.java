package dev.mekiki.hashing;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/// Seeds of random tests: another one at each run, printed, and replayed by `-Dmekiki.seed=N`.
public final class Seeds {
  private Seeds() {}

  /// The seed of the calling test: `mekiki.seed` where that is set, else a new one.
  ///
  /// @param test what to print beside it
  public static long seed(Class<?> test) {
    Long replayed = Long.getLong("mekiki.seed");
    long seed = replayed == null ? ThreadLocalRandom.current().nextInt() : replayed;
    System.out.printf("%s: replay with -Dmekiki.seed=%d%n", test.getSimpleName(), seed);
    return seed;
  }

  /// The random numbers of one of many cases of a seed. The seed of each case is mixed first: a
  /// {@link Random} begins much alike for numbers that follow each other, and so would the cases.
  public static Random random(long seed, int number) {
    return new Random(new SplittableRandom(seed * 1_000_003L + number).nextLong());
  }
}
