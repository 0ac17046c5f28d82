package dev.mekiki.reliability.load;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The producers of what users write to Kafka themselves.
public final class Producers {
  private static final Duration LIMIT = Duration.ofSeconds(45);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);

  private Producers() {}

  /// One that gives up a record after 45 s; the caller's to close.
  public static KafkaProducer<byte[], byte[]> open(String bootstrapServers) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "acks",
            "all",
            "max.block.ms",
            LIMIT.toMillis(),
            "delivery.timeout.ms",
            Math.toIntExact(LIMIT.toMillis()),
            "request.timeout.ms",
            Math.toIntExact(REQUEST_LIMIT.toMillis())),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
