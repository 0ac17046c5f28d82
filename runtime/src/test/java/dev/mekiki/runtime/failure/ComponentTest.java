package dev.mekiki.runtime.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.retry.Backoff;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ComponentTest {
  private final RuntimeException fault = new IllegalStateException("broken");
  private final Exception outage = new TimeoutException("away");

  private final AtomicLong now = new AtomicLong();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FailureOwner owner = new FailureOwner("sample", meters, now::get);
  private final Component component =
      owner.component(
          "loop",
          FailurePolicy.standard(failure ->
                  failure instanceof TimeoutException ? FailureKind.OUTAGE : FailureKind.FAULT)
              .retrying(Backoff.exponential(100, 1_000))
              .givingUpAfter(Duration.ofSeconds(60), 3)
              .stallingAfter(Duration.ofSeconds(30)));

  @Test
  void delaysGrowAndStartAnewAfterProgress() {
    assertThat(component.failed(fault)).isEqualTo(Duration.ofMillis(100));
    assertThat(component.failed(fault)).isEqualTo(Duration.ofMillis(200));
    assertThat(component.failed(outage)).isEqualTo(Duration.ofMillis(400));
    component.progressed();
    assertThat(component.failed(fault)).isEqualTo(Duration.ofMillis(100));
    assertThat(failures("fault")).isEqualTo(3);
    assertThat(failures("outage")).isEqualTo(1);
  }

  @Test
  void faultsWithoutProgressEndTheProcessWithTheReason() {
    component.failed(fault);
    seconds(60);
    component.failed(fault);
    assertThat(owner.failure().toCompletableFuture()).isNotDone();
    assertThatThrownBy(() -> component.failed(fault))
        .isInstanceOf(ComponentFailedException.class)
        .hasMessage(
            "sample: loop failed 3 times within 60 s without progress, last: IllegalStateException:"
                + " broken");
    assertThat(owner.failure().toCompletableFuture().join())
        .isInstanceOf(ComponentFailedException.class)
        .hasCause(fault);
    assertThat(owner.defect()).get().asString().contains("loop failed 3 times");
    assertThat(meters.get("mekiki.service.component.alive").gauge().value()).isZero();
  }

  @Test
  void progressForgetsFaults() {
    for (int i = 0; i < 100; i++) {
      component.failed(fault);
      seconds(30);
      component.failed(fault);
      component.progressed();
      seconds(30);
    }
    assertThat(owner.failure().toCompletableFuture()).isNotDone();
  }

  @Test
  void anOutageIsRetriedForEver() {
    component.workWaits(true);
    for (int i = 0; i < 10_000; i++) {
      component.failed(outage);
      seconds(10);
      assertThat(owner.defect()).isEmpty();
    }
    assertThat(owner.failure().toCompletableFuture()).isNotDone();
  }

  @Test
  void anOutageInBetweenDoesNotCountAgainstFaults() {
    component.failed(fault);
    seconds(3_600);
    component.failed(outage);
    component.failed(fault);
    component.failed(fault);
    component.failed(fault);
    assertThat(owner.failure().toCompletableFuture()).isNotDone();
  }

  @Test
  void waitingWorkWithoutProgressIsNotAlive() {
    seconds(1_000);
    assertThat(owner.defect()).isEmpty();
    component.workWaits(true);
    seconds(30);
    assertThat(owner.defect()).isEmpty();
    seconds(1);
    component.workWaits(true);
    assertThat(owner.defect())
        .contains("loop: no progress for 31 s while work waits (limit: 30 s)");
    owner.excuse();
    assertThat(owner.defect()).isEmpty();
    seconds(31);
    component.progressed();
    assertThat(owner.defect()).isEmpty();
    seconds(31);
    component.workWaits(false);
    assertThat(owner.defect()).isEmpty();
  }

  @Test
  void aComponentThatDiedIsNotAlive() {
    component.died(fault);
    assertThat(owner.defect()).get().asString().contains("broken");
    assertThat(owner.failure().toCompletableFuture()).isDone();
  }

  @Test
  void aClosedComponentIsNotMissed() {
    component.workWaits(true);
    seconds(100);
    component.close();
    assertThat(owner.defect()).isEmpty();
  }

  @Test
  void anAttemptIsRetriedUntilItEnds() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    Component quick =
        owner.component(
            "quick",
            FailurePolicy.standard(failure -> FailureKind.FAULT)
                .retrying(Backoff.fixed(1))
                .givingUpAfter(Duration.ZERO, 5));
    quick.run(() -> {
      if (attempts.incrementAndGet() < 4) {
        throw fault;
      }
    });
    assertThat(attempts.get()).isEqualTo(4);
    assertThatThrownBy(() ->
            quick.run(() -> {
              attempts.incrementAndGet();
              throw fault;
            }))
        .isInstanceOf(ComponentFailedException.class);
    assertThat(attempts.get()).isEqualTo(6);
  }

  @Test
  void closingEndsAWait() throws Exception {
    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(() -> {
          try {
            component.pause(Duration.ofMinutes(10));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    component.close();
    assertThat(waiting).succeedsWithin(Duration.ofSeconds(10));
  }

  private void seconds(int seconds) {
    now.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private double failures(String kind) {
    return meters
        .get("mekiki.service.component.failures")
        .tag("component", "loop")
        .tag("kind", kind)
        .counter()
        .count();
  }
}
