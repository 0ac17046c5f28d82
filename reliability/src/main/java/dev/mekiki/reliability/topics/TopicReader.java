package dev.mekiki.reliability.topics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads topics as they stand.
final class TopicReader {
  private static final Duration POLL = Duration.ofMillis(200);

  /// How long a look waits for records that cannot be read yet.
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final String bootstrapServers;

  TopicReader(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  /// Gives all records of a topic that are there now, those of one partition in their order.
  ///
  /// @param committedOnly without what was aborted, or is still open
  void read(String topic, boolean committedOnly, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(committedOnly)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(POLL).forEach(each);
      }
    }
  }

  /// Whether a partition holds a record from one offset on and before another, or may get one by a
  /// transaction that is open; markers of transactions are none.
  boolean mayHaveRecords(TopicPartition partition, long from, long before) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(true)) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, from);
      Instant limit = Instant.now().plus(LOOK);
      while (consumer.position(partition) < before) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (record.offset() < before) {
            return true;
          }
        }
        if (Instant.now().isAfter(limit)) {
          return true;
        }
      }
      return false;
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer(boolean committedOnly) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "isolation.level",
            committedOnly ? "read_committed" : "read_uncommitted",
            "enable.auto.commit",
            false,
            "default.api.timeout.ms",
            20_000),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
