package dev.mekiki.encoder.stream;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads single records after a poll of the group's consumer has failed: several records may not
/// fit the heap together (batches are decompressed by the consumer), or one of them cannot be read
/// at all.
final class SingleReader {
  private static final Logger log = LoggerFactory.getLogger(SingleReader.class);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /// A record counts as unreadable only after as many.
  private static final int ATTEMPTS = 3;

  private final Map<String, Object> properties;

  /// @param properties of a consumer without a group
  SingleReader(Map<String, Object> properties) {
    this.properties = new HashMap<>(properties);
    this.properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
  }

  /// Reads one record of each assigned partition, and moves the consumer past it.
  ///
  /// @param found takes each record that was read
  /// @param unreadable takes the place of each that cannot be read
  /// @return whether the consumer was moved at all
  /// @throws KafkaException where Kafka fails in another way
  boolean readPast(
      KafkaConsumer<byte[], byte[]> group,
      Consumer<ConsumerRecord<byte[], byte[]>> found,
      ObjLongConsumer<TopicPartition> unreadable) {
    boolean moved = false;
    for (TopicPartition partition : group.assignment()) {
      long offset = group.position(partition);
      switch (read(partition, offset)) {
        case Read.Found(ConsumerRecord<byte[], byte[]> record) -> {
          found.accept(record);
          group.seek(partition, record.offset() + 1);
          moved = true;
        }
        case Read.Unreadable(Throwable reason) -> {
          log.error(
              "Record cannot be read and is passed over topic={} partition={} offset={}",
              partition.topic(),
              partition.partition(),
              offset,
              reason);
          unreadable.accept(partition, offset);
          group.seek(partition, offset + 1);
          moved = true;
        }
        case Read.Nothing() -> {}
      }
    }
    return moved;
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
