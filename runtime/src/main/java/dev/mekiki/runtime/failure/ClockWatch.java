package dev.mekiki.runtime.failure;

import dev.mekiki.runtime.lifecycle.Threads;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Looks whether the clock is set back. Kafka's clients and Kafka Streams note times of the clock
/// and wait until these have passed: with a clock that was set back by half an hour they send no
/// heartbeat, renew no metadata and commit nothing for as long, and nothing says so. So the service
/// is given up, and started again with the clock as it is then.
///
/// A clock that is set forward, or that is slowed down, does no harm.
public final class ClockWatch implements AutoCloseable {
  /// What clients wait for without harm.
  private static final Duration MAX_STEP = Duration.ofSeconds(5);

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Component component;
  private final LongSupplier clockMillis;
  private final LongSupplier nanoTime;
  private final Thread thread;

  /// Milliseconds by which the clock is ahead of the time that has passed.
  private long ahead;

  /// Starts to look, on a thread of its own.
  ///
  /// @param failures gets the component `clock`
  public static ClockWatch start(FailureOwner failures) {
    ClockWatch watch = new ClockWatch(failures, System::currentTimeMillis, System::nanoTime);
    watch.thread.start();
    return watch;
  }

  ClockWatch(FailureOwner failures, LongSupplier clockMillis, LongSupplier nanoTime) {
    this.component = failures.component("clock", FailurePolicy.standard(_ -> FailureKind.FAULT));
    this.clockMillis = clockMillis;
    this.nanoTime = nanoTime;
    this.ahead = ahead();
    this.thread = Thread.ofPlatform().daemon().name("clock-watch").unstarted(this::run);
  }

  private void run() {
    try {
      while (!component.isClosed() && look()) {
        component.pause(INTERVAL);
      }
    } catch (InterruptedException e) {
      component.close();
    }
  }

  /// Looks once.
  ///
  /// @return false where the service was given up
  boolean look() {
    long before = ahead;
    ahead = ahead();
    long back = before - ahead;
    if (back <= MAX_STEP.toMillis()) {
      return true;
    }
    ComponentFailedException _ =
        component.died(
            new IllegalStateException(
                "the clock was set back by %,d s, and Kafka's clients would wait for that long (expected: a clock that is slowed down, or set back by %d s at most; a start of the service)"
                    .formatted(TimeUnit.MILLISECONDS.toSeconds(back), MAX_STEP.toSeconds())));
    return false;
  }

  private long ahead() {
    while (true) {
      long before = nanoTime.getAsLong();
      long clock = clockMillis.getAsLong();
      // A process that was stopped between the two looks has not lost that time by its clock.
      if (nanoTime.getAsLong() - before < INTERVAL.toNanos()) {
        return clock - TimeUnit.NANOSECONDS.toMillis(before);
      }
    }
  }

  @Override
  public void close() {
    component.close();
    Threads.join(thread);
  }
}
