package dev.mekiki.query.rematch;

import dev.mekiki.query.rematch.EventIds.FullException;
import dev.mekiki.runtime.kafka.GroupProgress;
import dev.mekiki.runtime.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Reads the ids of the events that there were from topics, up to where they end when this is made.
/// For one thread.
final class ReportedIds implements AutoCloseable {
  /// Part of the heap that ids of events may take.
  private static final int HEAP_SHARE = 4;

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final Map<TopicPartition, Long> ends = new HashMap<>();
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final EventIds known = new EventIds(Runtime.getRuntime().maxMemory() / HEAP_SHARE);

  ReportedIds(KafkaClients clients, GroupProgress groups, List<String> topics) {
    for (String topic : topics) {
      List<Long> all = groups.ends(topic);
      for (int partition = 0; partition < all.size(); partition++) {
        ends.put(new TopicPartition(topic, partition), all.get(partition));
      }
    }
    consumer =
        new KafkaConsumer<>(
            clients.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(ends.keySet());
    consumer.seekToBeginning(ends.keySet());
  }

  /// What was read.
  EventIds known() {
    return known;
  }

  /// Reads on for a moment.
  ///
  /// @return whether all is read
  /// @throws FullException where there are too many
  boolean read() throws FullException {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      note(record.key());
    }
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      // Past the markers of transactions, too, and no further than what is committed.
      if (consumer.position(end.getKey()) < end.getValue()) {
        return false;
      }
    }
    return true;
  }

  /// Others may have written what is no id of an event.
  private void note(byte @Nullable [] key) throws FullException {
    if (key == null) {
      return;
    }
    try {
      var _ = known.add(new String(key, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      // It is nobody's.
    }
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
  }
}
