package dev.mekiki.query.rematch;

import dev.mekiki.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Looks whether a consumer group has committed what was in a topic at some moment. For one thread;
/// calls block.
final class Settlement implements AutoCloseable {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
  private static final Duration LOOK_LIMIT = Duration.ofSeconds(1);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final Admin admin;
  private final KafkaConsumer<byte[], byte[]> consumer;

  Settlement(KafkaClients clients) {
    admin = Admin.create(clients.admin());
    consumer =
        new KafkaConsumer<>(
            clients.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /// All partitions of a topic.
  List<TopicPartition> partitions(String topic) {
    return consumer.partitionsFor(topic, ANSWER_LIMIT).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  static List<TopicPartition> partitions(String topic, int count) {
    return IntStream.range(0, count).mapToObj(number -> new TopicPartition(topic, number)).toList();
  }

  /// Where partitions end now, what is not committed yet included.
  Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions)
      throws InterruptedException {
    Map<TopicPartition, Long> ends = new HashMap<>();
    await(
            admin
                .listOffsets(
                    partitions.stream()
                        .collect(Collectors.toMap(one -> one, _ -> OffsetSpec.latest())))
                .all())
        .forEach((partition, end) -> ends.put(partition, end.offset()));
    return ends;
  }

  /// Whether a group has committed all records before these ends. What was sent in a transaction
  /// ends with a marker that no consumer sees and no group need have committed, so what lies
  /// between is looked at.
  boolean isProcessed(String group, Map<TopicPartition, Long> ends) throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    for (Map.Entry<TopicPartition, Long> partition : ends.entrySet()) {
      OffsetAndMetadata next = committed.get(partition.getKey());
      if (hasRecords(partition.getKey(), next == null ? 0 : next.offset(), partition.getValue())) {
        return false;
      }
    }
    return true;
  }

  /// Whether there is a record, or may be one, from an offset to an end.
  private boolean hasRecords(TopicPartition partition, long from, long end) {
    if (from >= end) {
      return false;
    }
    List<TopicPartition> one = List.of(partition);
    consumer.assign(one);
    long start = consumer.beginningOffsets(one, ANSWER_LIMIT).getOrDefault(partition, 0L);
    if (start >= end) {
      return false;
    }
    consumer.seek(partition, Math.max(from, start));
    long deadline = System.nanoTime() + LOOK_LIMIT.toNanos();
    do {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
        return record.offset() < end;
      }
      if (consumer.position(partition, ANSWER_LIMIT) >= end) {
        return false;
      }
    } while (System.nanoTime() < deadline);
    return true;
  }

  private static <T> T await(KafkaFuture<T> answer) throws InterruptedException {
    try {
      return answer.get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e);
    } catch (TimeoutException e) {
      throw new org.apache.kafka.common.errors.TimeoutException("no broker answers", e);
    }
  }

  @Override
  public void close() {
    admin.close(CLOSE_LIMIT);
    consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
  }
}
