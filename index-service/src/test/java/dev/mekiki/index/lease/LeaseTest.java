package dev.mekiki.index.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseTest {
  private final AtomicLong now = new AtomicLong();
  private final Lease lease = Lease.ofProcess(Duration.ofSeconds(3), now::get);

  @Test
  void aProcessThatRunsHoldsIt() {
    for (int i = 0; i < 100; i++) {
      now.addAndGet(TimeUnit.MILLISECONDS.toNanos(200));
      assertThat(lease.isHeld()).isTrue();
      lease.renew();
      assertThat(lease.isHeld()).isTrue();
    }
  }

  /// Whether it is asked before or after the first renewal.
  @Test
  void aProcessThatWasFrozenHoldsItAgainAfterASession() {
    now.addAndGet(TimeUnit.SECONDS.toNanos(12));
    assertThat(lease.isHeld()).isFalse();
    lease.renew();
    assertThat(lease.isHeld()).isFalse();
    for (int millis = 0; millis < 3_000; millis += 200) {
      assertThat(lease.isHeld()).isFalse();
      now.addAndGet(TimeUnit.MILLISECONDS.toNanos(200));
      lease.renew();
    }
    assertThat(lease.isHeld()).isTrue();
  }
}
