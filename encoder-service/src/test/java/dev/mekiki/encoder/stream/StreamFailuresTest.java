package dev.mekiki.encoder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.runtime.failure.FailureKind;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

final class StreamFailuresTest {
  @Test
  void recordIsBlamedOnlyWhereKafkaSaysSo() {
    assertThat(
            StreamFailures.isUnreadable(
                new KafkaException(
                    "Received exception when fetching the next record from images-0. If needed,"
                        + " please seek past the record to continue consumption.")))
        .isTrue();
    assertThat(StreamFailures.isUnreadable(new OutOfMemoryError("Java heap space"))).isTrue();
    assertThat(StreamFailures.isUnreadable(new TopicAuthorizationException("images"))).isFalse();
    assertThat(StreamFailures.isUnreadable(new SaslAuthenticationException("no"))).isFalse();
    assertThat(StreamFailures.isUnreadable(new TimeoutException("late"))).isFalse();
    assertThat(StreamFailures.isUnreadable(new KafkaException("Failed to construct"))).isFalse();
  }

  @Test
  void beingFencedThreeTimesInAMinuteIsFatal() {
    StreamFailures failures = new StreamFailures();
    KafkaException fenced = new KafkaException("wrapped", new ProducerFencedException("later one"));

    assertThat(failures.isFatal(new TimeoutException("late"))).isFalse();
    assertThat(failures.isFatal(fenced)).isFalse();
    assertThat(failures.isFatal(fenced)).isFalse();
    assertThat(failures.isFatal(fenced)).isTrue();
  }

  @Test
  void refusalOfThisClientIsAFaultAndAnAbsentBrokerAnOutage() {
    assertThat(StreamFailures.kind(new TopicAuthorizationException("images")))
        .isEqualTo(FailureKind.FAULT);
    assertThat(StreamFailures.kind(new TimeoutException("late"))).isEqualTo(FailureKind.OUTAGE);
  }
}
