package dev.mekiki.benchmarks.report;

import java.time.Duration;

/// Runs a measurement until the JIT compiler is done with it.
public final class WarmUp {
  /// Rounds whose times differ by less than this share are equal.
  private static final double STEADY = 0.05;

  private static final int STEADY_ROUNDS = 3;

  private WarmUp() {}

  /// Repeats a round until three in a row are no faster, for a time between min and max.
  public static void run(Duration min, Duration max, Runnable round) {
    long start = System.nanoTime();
    long best = Long.MAX_VALUE;
    int steady = 0;
    while (true) {
      long from = System.nanoTime();
      round.run();
      long now = System.nanoTime();
      long took = now - from;
      steady = took < (1 - STEADY) * best ? 0 : steady + 1;
      best = Math.min(best, took);
      long elapsed = now - start;
      if (elapsed > max.toNanos() || (elapsed > min.toNanos() && steady >= STEADY_ROUNDS)) {
        return;
      }
    }
  }
}
