package dev.mekiki.runtime.deadletter;

import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.KafkaFailures;
import dev.mekiki.schemas.text.BoundedText;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Reads stretches of partitions, committed records only, with one consumer. For one thread.
final class RangeReader implements AutoCloseable {
  /// The partitions of one topic in their order.
  static final Comparator<TopicPartition> BY_NUMBER =
      Comparator.comparingInt(TopicPartition::partition);

  private static final Duration POLL = Duration.ofMillis(200);

  /// Without a step forward for as long, Kafka counts as away.
  private static final Duration STALL_LIMIT = Duration.ofSeconds(30);

  private final KafkaConsumer<byte[], byte[]> consumer;

  private RangeReader(KafkaClients clients, Deserializer<byte[]> values) {
    this.consumer = new KafkaConsumer<>(clients.consumer(), new ByteArrayDeserializer(), values);
  }

  /// A reader of whole records.
  static RangeReader ofRecords(KafkaClients clients) {
    return new RangeReader(clients, new ByteArrayDeserializer());
  }

  /// A reader that drops each value at once, whatever its size: of records only keys, headers and
  /// the size of the value are left.
  static RangeReader ofKeys(KafkaClients clients) {
    return new RangeReader(clients, new NoValues());
  }

  /// Takes what was read, and says whether to go on.
  interface Visitor {
    boolean record(ConsumerRecord<byte[], byte[]> record);

    /// The consumer cannot read the record at this offset: it is damaged.
    default boolean unreadable(TopicPartition partition, long offset, String why) {
      return true;
    }
  }

  /// The partitions of a topic, in order; none where there is no such topic.
  List<TopicPartition> partitions(String topic) {
    return consumer.listTopics().getOrDefault(topic, List.of()).stream()
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .sorted(BY_NUMBER)
        .toList();
  }

  /// The offset of the oldest record of each partition.
  Map<TopicPartition, Long> begins(List<TopicPartition> partitions) {
    return assigned(partitions).beginningOffsets(partitions);
  }

  /// The offset behind the newest committed record of each partition.
  Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
    return assigned(partitions).endOffsets(partitions);
  }

  // The consumer warns of offsets that it learns of partitions it is not assigned.
  private KafkaConsumer<byte[], byte[]> assigned(List<TopicPartition> partitions) {
    consumer.assign(partitions);
    return consumer;
  }

  /// For each partition an offset before which all records are older; its end where all are.
  Map<TopicPartition, Long> at(
      Instant time, List<TopicPartition> partitions, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, OffsetAndTimestamp> found =
        assigned(partitions)
            .offsetsForTimes(
                partitions.stream()
                    .collect(
                        Collectors.toMap(
                            partition -> partition, _ -> Math.max(0, time.toEpochMilli()))));
    return partitions.stream()
        .collect(
            Collectors.toMap(
                partition -> partition,
                partition ->
                    Optional.ofNullable(found.get(partition))
                        .map(OffsetAndTimestamp::offset)
                        .orElseGet(() -> ends.getOrDefault(partition, 0L))));
  }

  /// Reads what stands in a stretch of one partition, in the order of offsets, until the end of it
  /// or until the visitor has enough.
  ///
  /// @param from the first offset
  /// @param to the offset behind the last; at most the partition's end
  /// @throws TimeoutException where Kafka gives nothing for 30 s
  void read(TopicPartition partition, long from, long to, Visitor visitor) {
    if (from >= to) {
      return;
    }
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    long position = from;
    long stepped = System.nanoTime();
    while (position < to) {
      try {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (record.offset() >= to || !visitor.record(record)) {
            return;
          }
        }
      } catch (KafkaException e) {
        if (!KafkaFailures.isUnreadable(e)) {
          throw e;
        }
        long damaged = consumer.position(partition);
        if (!visitor.unreadable(partition, damaged, BoundedText.message(e))) {
          return;
        }
        consumer.seek(partition, damaged + 1);
      }
      long reached = consumer.position(partition);
      if (reached > position) {
        position = reached;
        stepped = System.nanoTime();
      } else if (System.nanoTime() - stepped > STALL_LIMIT.toNanos()) {
        throw new TimeoutException(
            "%s gave nothing from offset %d on for %d s"
                .formatted(partition, position, STALL_LIMIT.toSeconds()));
      }
    }
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }

  private static final class NoValues implements Deserializer<byte[]> {
    @Override
    public byte @Nullable [] deserialize(String topic, byte @Nullable [] value) {
      return null;
    }

    @Override
    public byte @Nullable [] deserialize(
        String topic, Headers headers, @Nullable ByteBuffer value) {
      return null;
    }
  }
}
