package dev.mekiki.runtime.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
  private final AtomicLong clockMillis = new AtomicLong(1_000_000);
  private final AtomicLong nanos = new AtomicLong(77);
  private final FailureOwner failures = new FailureOwner("test", new SimpleMeterRegistry());
  private final ClockWatch watch = new ClockWatch(failures, clockMillis::get, nanos::get);

  @Test
  void serviceIsGivenUpWhereTheClockIsSetBack() {
    pass(Duration.ofSeconds(1), Duration.ofSeconds(1));
    assertThat(watch.look()).isTrue();

    pass(Duration.ofSeconds(1), Duration.ofMinutes(-30));

    assertThat(watch.look()).isFalse();
    assertThat(failures.failure().toCompletableFuture()).isCompleted();
    assertThat(failures.defect().orElseThrow())
        .contains("the clock was set back by 1,801 s")
        .contains("expected: ");
  }

  @Test
  void clockThatIsSetForwardOrDriftsDoesNoHarm() {
    pass(Duration.ofSeconds(1), Duration.ofHours(5));
    assertThat(watch.look()).isTrue();
    for (int i = 0; i < 100; i++) {
      // It is slowed down, and the machine is not always looked at in time.
      pass(Duration.ofSeconds(10), Duration.ofSeconds(9));
      assertThat(watch.look()).isTrue();
    }
    pass(Duration.ofSeconds(1), Duration.ofSeconds(-3));
    assertThat(watch.look()).isTrue();
    assertThat(failures.defect()).isEmpty();
  }

  private void pass(Duration time, Duration clock) {
    nanos.addAndGet(time.toNanos());
    clockMillis.addAndGet(clock.toMillis());
  }
}
