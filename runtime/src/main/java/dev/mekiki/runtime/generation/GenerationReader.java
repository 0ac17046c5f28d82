package dev.mekiki.runtime.generation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.SkippedRecords;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.MatchSettings;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Reads the topic `generations` from its beginning, one record after another. Records that cannot
/// be generations are left out: anyone who may write to Kafka can put one there, and a service must
/// start all the same. For one thread, except {@link #wakeup}.
final class GenerationReader implements AutoCloseable {
  /// What the keys of match settings start with; no id of a generation does.
  private static final String SETTINGS_KEYS = "match-settings/";

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private final TopicPartition partition;
  private final SkippedRecords skipped;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private @Nullable String settingsKey;
  private @Nullable MatchSettings settings;

  GenerationReader(KafkaClients clients, Topics topics, SkippedRecords skipped) {
    this.partition = new TopicPartition(topics.generations(), 0);
    this.skipped = skipped;
    this.consumer =
        new KafkaConsumer<>(
            clients.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
  }

  /// Reads to the end as it is now.
  ///
  /// @return the last generation that became active, or null
  /// @throws TimeoutException where the end is not reached within the limit
  @Nullable Generation lastActive(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    long end = consumer.endOffsets(List.of(partition), limit).getOrDefault(partition, 0L);
    Generation active = null;
    while (consumer.position(partition, limit) < end) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(
            "%s: its end was not reached within %d s"
                .formatted(partition.topic(), limit.toSeconds()));
      }
      active = next(active, POLL);
    }
    return active;
  }

  /// Reads to the end as it is now.
  ///
  /// @return what was recorded last of the settings of a generation's index, or null
  /// @throws TimeoutException where the end is not reached within the limit
  @Nullable MatchSettings lastSettings(String generation, Duration limit) {
    settingsKey = settingsKey(generation);
    lastActive(limit);
    return settings;
  }

  /// The key of the settings of a generation's index.
  static String settingsKey(String generation) {
    return SETTINGS_KEYS + generation;
  }

  /// Waits for records and reads them.
  ///
  /// @param known the result where none of them is active
  /// @param wait how long to wait at most
  /// @throws WakeupException where {@link #wakeup} was called
  @Nullable Generation next(@Nullable Generation known, Duration wait) {
    Generation active = known;
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
      if (readSettings(record)) {
        continue;
      }
      @Nullable Generation generation =
          record.value() == null ? null : decoded(record, record.value());
      if (generation != null && generation.getState() == Generation.State.ACTIVE) {
        active = generation;
      }
    }
    return active;
  }

  /// Ends a wait, from any thread.
  void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
  }

  /// Takes a record of settings; false where it is none. Those of other generations are passed
  /// over.
  private boolean readSettings(ConsumerRecord<byte[], byte[]> record) {
    byte[] key = record.key();
    if (key == null || !new String(key, UTF_8).startsWith(SETTINGS_KEYS)) {
      return false;
    }
    if (new String(key, UTF_8).equals(settingsKey)) {
      try {
        settings = record.value() == null ? null : MatchSettings.parseFrom(record.value());
      } catch (InvalidProtocolBufferException e) {
        skip(
            record,
            "undecodable",
            "%d bytes that are no MatchSettings".formatted(record.value().length));
      }
    }
    return true;
  }

  private @Nullable Generation decoded(ConsumerRecord<byte[], byte[]> record, byte[] value) {
    try {
      Generation generation = Generation.parseFrom(value);
      if (record.key() == null || !new String(record.key(), UTF_8).equals(generation.getId())) {
        skip(
            record,
            "wrong-key",
            "key '%s' (expected: the generation's id, '%s')"
                .formatted(BoundedText.quote(record.key()), BoundedText.quote(generation.getId())));
        return null;
      }
      GenerationGeometry.check(generation);
      return generation;
    } catch (InvalidProtocolBufferException e) {
      skip(record, "undecodable", "%d bytes that are no Generation".formatted(value.length));
    } catch (IllegalArgumentException e) {
      skip(record, "invalid", BoundedText.message(e));
    }
    return null;
  }

  private void skip(ConsumerRecord<byte[], byte[]> record, String reason, String detail) {
    skipped.skip(record.topic(), record.partition(), record.offset(), reason, detail);
  }
}
