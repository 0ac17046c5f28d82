package dev.mekiki.encoder.stream;

import dev.mekiki.encoder.metrics.EncoderMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/// Measures once a second how many records of its partitions a consumer has not read yet. Used by
/// the loop's thread alone.
final class LagMeasurement {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final EncoderMetrics metrics;
  private Instant next = Instant.EPOCH;

  LagMeasurement(EncoderMetrics metrics) {
    this.metrics = metrics;
  }

  /// Measures, where the interval has passed.
  ///
  /// @return whether it measured, and the consumer has read all that there is
  boolean measure(Consumer<?, ?> consumer) {
    Instant now = Instant.now();
    if (now.isBefore(next)) {
      return false;
    }
    next = now.plus(INTERVAL);
    long lag = 0;
    boolean known = true;
    for (TopicPartition partition : consumer.assignment()) {
      OptionalLong behind = consumer.currentLag(partition);
      known &= behind.isPresent();
      lag += behind.orElse(0);
    }
    metrics.lag(lag);
    return known && lag == 0;
  }
}
