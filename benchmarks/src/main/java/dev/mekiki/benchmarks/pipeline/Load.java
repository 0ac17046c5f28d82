package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.report.Samples;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/// Sends at a steady rate and measures the time until each match.
///
/// Latency counts from when an image was due, not from when it was sent: otherwise a sender that is
/// held up would hide it (coordinated omission).
final class Load {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(1);

  /// Matches of the first part do not count: the rate has just changed.
  private static final double SETTLING = 0.1;

  private final MatchWatch matches;
  private final IntConsumer send;
  private final IntPredicate isCopy;

  /// @param send sends the image of a number
  /// @param isCopy whether an image makes a match
  Load(MatchWatch matches, IntConsumer send, IntPredicate isCopy) {
    this.matches = matches;
    this.send = send;
    this.isCopy = isCopy;
  }

  /// How many images a load takes.
  static int images(double load, double highest, int seconds) {
    return (int) Math.max(1, load * highest * seconds);
  }

  /// Sends images `from` to below `to`.
  LatencyAtLoad run(double load, double highest, int from, int to) throws InterruptedException {
    double rate = load * highest;
    long start = System.nanoTime();
    for (int number = from; number < to; number++) {
      while (System.nanoTime() < due(start, rate, number - from)) {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
      send.accept(number);
    }
    int measured = from + (int) (SETTLING * (to - from));
    awaitLast(measured, to);
    Samples samples = new Samples();
    int missing = 0;
    for (int number = measured; number < to; number++) {
      if (!isCopy.test(number)) {
        continue;
      }
      if (matches.count(number) == 0) {
        missing++;
      } else {
        samples.add(matches.firstNanos(number) - due(start, rate, number - from));
      }
    }
    return new LatencyAtLoad(
        load,
        samples.millis(0.5),
        samples.millis(0.99),
        Figures.rounded(rate),
        samples.size() + missing,
        missing);
  }

  private static long due(long start, double rate, int sent) {
    return start + (long) (sent / rate * 1e9);
  }

  private void awaitLast(int from, int to) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    for (int number = from; number < to; number++) {
      while (isCopy.test(number) && matches.count(number) == 0 && System.nanoTime() < deadline) {
        Thread.sleep(PAUSE);
      }
    }
  }
}
