package dev.mekiki.index;

import java.util.concurrent.ThreadLocalRandom;

/// Seeds of random tests: printed, and replayed with `-Dmekiki.seed=N`.
public final class Seeds {
  private Seeds() {}

  /// The seed for one test.
  public static long next(String test) {
    Long replayed = Long.getLong("mekiki.seed");
    long seed = replayed == null ? ThreadLocalRandom.current().nextLong() : replayed;
    System.out.printf("%s: replay with -Dmekiki.seed=%d%n", test, seed);
    return seed;
  }
}
