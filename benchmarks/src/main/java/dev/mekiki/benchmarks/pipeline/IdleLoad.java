package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.report.Samples;
import dev.mekiki.benchmarks.testbed.MadeUpImages;
import java.time.Duration;
import java.util.SplittableRandom;

/// Sends copies one at a time, each after the match of the one before, and measures the time until
/// each match.
final class IdleLoad {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofMillis(1);

  /// A pause of random length, so that codes come at any time between two commits.
  private static final int LONGEST_PAUSE_MS = 150;

  private final IndexRun run;
  private final SplittableRandom random = new SplittableRandom(1);

  private final Duration duration;
  private int next;

  /// @param duration after this no further code is sent
  IdleLoad(IndexRun run, Duration duration) {
    this.run = run;
    this.duration = duration;
  }

  /// Sends copies among the images `from` to below `to`, and nothing else.
  ///
  /// @throws IllegalStateException if a match does not come
  IdleLatency run(int from, int to) throws InterruptedException {
    MadeUpImages images = run.images();
    Samples same = new Samples();
    Samples other = new Samples();
    long end = System.nanoTime() + duration.toNanos();
    for (next = from; next < to && System.nanoTime() < end; next++) {
      if (!images.isCopy(next)) {
        continue;
      }
      Thread.sleep(random.nextInt(LONGEST_PAUSE_MS));
      long nanos = send(next);
      boolean oneHome = run.home(next) == run.home(images.original(next));
      (oneHome ? same : other).add(nanos);
    }
    return new IdleLatency(
        same.size(),
        same.millis(0.5),
        same.millis(0.99),
        other.size(),
        other.millis(0.5),
        other.millis(0.99));
  }

  /// The first image that has not had its turn.
  int next() {
    return next;
  }

  private long send(int number) throws InterruptedException {
    long start = System.nanoTime();
    run.send(number);
    while (run.matches().count(number) == 0) {
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        throw new IllegalStateException("no match of image %d in %s".formatted(number, LIMIT));
      }
      Thread.sleep(LOOK);
    }
    return run.matches().firstNanos(number) - start;
  }
}
