package dev.mekiki.query.rematch;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Keeps work to a rate. For one thread.
final class Pace {
  /// What was not used is not made up for beyond this.
  private static final Duration SLACK = Duration.ofMillis(200);

  private final Sleeper sleeper;
  private final long nanosPerUnit;
  private long due = System.nanoTime();

  /// Waits, at most until there is no more to be done.
  interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  /// @param rate units a second, at least 1
  Pace(int rate, Sleeper sleeper) {
    this.sleeper = sleeper;
    nanosPerUnit = TimeUnit.SECONDS.toNanos(1) / rate;
  }

  /// Waits after so many units were done.
  void await(int units) throws InterruptedException {
    long now = System.nanoTime();
    if (now - due > SLACK.toNanos()) {
      due = now - SLACK.toNanos();
    }
    due += units * nanosPerUnit;
    if (due > now) {
      sleeper.sleep(Duration.ofNanos(due - now));
    }
  }
}
