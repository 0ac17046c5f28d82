package dev.mekiki.runtime.generation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.SkippedRecords;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Cut;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.IndexMember;
import dev.mekiki.schemas.v1.MatchSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
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

  /// What the keys of cuts start with.
  private static final String CUT_KEYS = "cut/";

  /// What the keys of index instances start with.
  private static final String MEMBER_KEYS = "index-instance/";

  private static final Duration POLL = Duration.ofMillis(100);

  private final TopicPartition partition;
  private final SkippedRecords skipped;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Admin admin;
  private final Map<String, Generation> generations = new LinkedHashMap<>();
  private final Map<String, MatchSettings> settings = new HashMap<>();
  private final Map<String, IndexMember> members = new HashMap<>();
  private final SortedMap<Integer, Cut> cuts = new TreeMap<>();
  private @Nullable Generation active;

  GenerationReader(KafkaClients clients, Topics topics, SkippedRecords skipped) {
    this.partition = new TopicPartition(topics.generations(), 0);
    this.skipped = skipped;
    this.consumer =
        new KafkaConsumer<>(
            clients.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.admin = Admin.create(clients.admin());
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
  }

  /// Reads to the end as it is now. What was committed is read, too, where it stands behind a
  /// transaction that is open: it is waited for.
  ///
  /// @throws TimeoutException where the end is not reached within the limit
  Generations toEnd(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    long end = end(limit);
    while (consumer.position(partition, limit) < end) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(
            "%s: its end was not reached within %d s"
                .formatted(partition.topic(), limit.toSeconds()));
      }
      next(POLL);
    }
    return read();
  }

  /// Where the next record will stand, whatever transaction the last ones belong to.
  private long end(Duration limit) {
    try {
      return admin
          .listOffsets(Map.of(partition, OffsetSpec.latest()))
          .partitionResult(partition)
          .get(limit.toMillis(), TimeUnit.MILLISECONDS)
          .offset();
    } catch (java.util.concurrent.TimeoutException e) {
      throw new TimeoutException(
          "%s: its end is not known within %d s".formatted(partition.topic(), limit.toSeconds()),
          e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /// What was read.
  Generations read() {
    return new Generations(generations, active, List.copyOf(unbroken()), settings, members);
  }

  /// The generation that was read last as the active one, or null.
  @Nullable Generation active() {
    return active;
  }

  /// The cuts from the first on, each with the next number.
  private List<Cut> unbroken() {
    List<Cut> unbroken = new ArrayList<>();
    for (Cut cut : cuts.values()) {
      if (cut.getNumber() == unbroken.size() + 1) {
        unbroken.add(cut);
      }
    }
    return unbroken;
  }

  /// The key of the settings of a generation's index.
  static String settingsKey(String generation) {
    return SETTINGS_KEYS + generation;
  }

  /// The key of a cut.
  static String cutKey(int number) {
    return CUT_KEYS + number;
  }

  /// The key of an index instance.
  static String memberKey(String client) {
    return MEMBER_KEYS + client;
  }

  /// Waits for records and reads them.
  ///
  /// @param wait how long to wait at most
  /// @return true where there were some
  /// @throws WakeupException where {@link #wakeup} was called
  boolean next(Duration wait) {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(wait);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String key = record.key() == null ? "" : new String(record.key(), UTF_8);
      if (key.startsWith(SETTINGS_KEYS)) {
        readSettings(record, key.substring(SETTINGS_KEYS.length()));
      } else if (key.startsWith(CUT_KEYS)) {
        readCut(record, key);
      } else if (key.startsWith(MEMBER_KEYS)) {
        readMember(record, key);
      } else if (record.value() == null) {
        generations.remove(key);
      } else {
        readGeneration(record, record.value());
      }
    }
    return !records.isEmpty();
  }

  /// Ends a wait, from any thread.
  void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
    // It is in no group, and what brokers may still send is of no use: closing need not wait.
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }

  private void readSettings(ConsumerRecord<byte[], byte[]> record, String generation) {
    if (record.value() == null) {
      settings.remove(generation);
      return;
    }
    try {
      settings.put(generation, MatchSettings.parseFrom(record.value()));
    } catch (InvalidProtocolBufferException e) {
      skip(
          record,
          "undecodable",
          "%d bytes that are no MatchSettings".formatted(record.value().length));
    }
  }

  private void readMember(ConsumerRecord<byte[], byte[]> record, String key) {
    if (record.value() == null) {
      members.remove(key.substring(MEMBER_KEYS.length()));
      return;
    }
    try {
      IndexMember member = IndexMember.parseFrom(record.value());
      if (key.equals(memberKey(member.getClient()))) {
        members.put(member.getClient(), member);
      } else {
        skip(record, "wrong-key", "key '%s'".formatted(BoundedText.quote(record.key())));
      }
    } catch (InvalidProtocolBufferException e) {
      skip(
          record,
          "undecodable",
          "%d bytes that are no IndexMember".formatted(record.value().length));
    }
  }

  private void readCut(ConsumerRecord<byte[], byte[]> record, String key) {
    if (record.value() == null) {
      skip(record, "invalid", "a cut that is deleted (expected: cuts, which stay)");
      return;
    }
    try {
      Cut cut = Cut.parseFrom(record.value());
      String _ = Topics.shortId(cut.getGeneration());
      if (key.equals(cutKey(cut.getNumber()))) {
        cuts.put(cut.getNumber(), cut);
      } else {
        skip(record, "wrong-key", "key '%s'".formatted(BoundedText.quote(record.key())));
      }
    } catch (InvalidProtocolBufferException e) {
      skip(record, "undecodable", "%d bytes that are no Cut".formatted(record.value().length));
    } catch (IllegalArgumentException e) {
      skip(record, "invalid", BoundedText.message(e));
    }
  }

  private void readGeneration(ConsumerRecord<byte[], byte[]> record, byte[] value) {
    @Nullable Generation generation = decoded(record, value);
    if (generation != null) {
      generations.put(generation.getId(), generation);
      if (generation.getState() == Generation.State.ACTIVE) {
        active = generation;
      }
    }
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
