package dev.mekiki.index.lifecycle;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class FailurePolicyTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final FailurePolicy policy = new FailurePolicy(now::get);

  @Test
  void threadIsReplacedWhereTheCauseMayPass() {
    assertThat(policy.handle(new StreamsException(new TimeoutException())))
        .isEqualTo(REPLACE_THREAD);
    assertThat(policy.failure().toCompletableFuture()).isNotDone();
  }

  @Test
  void instanceEndsWhereTheCauseStaysAndSaysWhy() {
    Exception defect = new StreamsException(new IllegalStateException("7 partitions"));

    assertThat(policy.handle(defect)).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(policy.failure().toCompletableFuture()).isCompletedWithValue(defect);
  }

  @Test
  void missingRightsAreNotTriedAgain() {
    assertThat(policy.handle(new StreamsException(new TopicAuthorizationException("no"))))
        .isEqualTo(SHUTDOWN_CLIENT);
  }

  @Test
  void threadsThatKeepDyingEndTheInstance() {
    for (int i = 0; i < 5; i++) {
      assertThat(policy.handle(new TimeoutException())).isEqualTo(REPLACE_THREAD);
    }
    assertThat(policy.handle(new TimeoutException())).isEqualTo(SHUTDOWN_CLIENT);
  }

  @Test
  void failuresFarApartDoNotAddUp() {
    for (int i = 0; i < 20; i++) {
      assertThat(policy.handle(new TimeoutException())).isEqualTo(REPLACE_THREAD);
      now.updateAndGet(time -> time.plus(Duration.ofSeconds(20)));
    }
  }
}
