package dev.mekiki.encoder.stream;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads single records after a poll of the group's consumer has failed: several records may not
/// fit the heap together (batches are decompressed by the consumer), or one of them cannot be read
/// at all.
final class SingleReader {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /// A record counts as unreadable only after as many.
  private static final int ATTEMPTS = 3;

  private final Map<String, Object> properties;

  /// @param properties of a consumer without a group
  SingleReader(Map<String, Object> properties) {
    this.properties = new HashMap<>(properties);
    this.properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
  }

  /// The first record of a partition from an offset on.
  ///
  /// @throws KafkaException where Kafka fails in another way
  Read read(TopicPartition partition, long offset) {
    Throwable failure = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try (KafkaConsumer<byte[], byte[]> consumer =
          new KafkaConsumer<>(
              properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, offset);
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(LIMIT)) {
          return new Read.Found(record);
        }
        return new Read.Nothing();
      } catch (KafkaException | OutOfMemoryError e) {
        if (!StreamFailures.isUnreadable(e)) {
          throw e;
        }
        failure = e;
      }
    }
    return new Read.Unreadable(requireNonNull(failure));
  }

  /// What reading one record gives.
  sealed interface Read {
    /// A record.
    record Found(ConsumerRecord<byte[], byte[]> record) implements Read {}

    /// None at the moment.
    record Nothing() implements Read {}

    /// The record at this offset cannot be read.
    record Unreadable(Throwable cause) implements Read {}
  }
}
