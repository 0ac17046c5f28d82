package dev.mekiki.runtime.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.runtime.deadletter.DeadLetterStatus.Kind;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.schemas.topic.DeadLetterHeaders;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// An installation of a test's own, of `images` and `images.dlq` alone, and what an encoder does.
final class TestDeadLetters implements AutoCloseable {
  static final int PARTITIONS = 2;
  static final int IMAGE_BYTES = 12 << 20;

  final Topics topics;
  private final KafkaClients clients;
  private final KafkaProducer<byte[], byte[]> producer;

  TestDeadLetters(KafkaClients clients, String prefix) {
    this.clients = clients;
    this.topics = new Topics(prefix + ".");
    TopicProvisioner.ensure(
        clients,
        List.of(
            TopicSpec.images(topics, PARTITIONS, (short) 1, IMAGE_BYTES),
            TopicSpec.imagesDlq(topics, PARTITIONS, (short) 1, IMAGE_BYTES)));
    // A broker that has made a topic does not lead its partitions at once.
    try (DeadLetterReader reader = reader()) {
      assertThat(reader.begins()).hasSize(PARTITIONS);
    }
    assertThat(records(topics.images())).isEmpty();
    this.producer =
        new KafkaProducer<>(
            clients.producer(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /// Sends a record to `images`, partition 0.
  long image(String id, @Nullable String value) throws Exception {
    return send(new ProducerRecord<>(topics.images(), 0, bytes(id), bytes(value))).offset();
  }

  /// A dead letter as an encoder writes it, to be changed by the test.
  Letter letter(String id, long originalOffset) {
    return new Letter(id, originalOffset);
  }

  RecordMetadata send(ProducerRecord<byte[], byte[]> record) throws Exception {
    return producer.send(record).get();
  }

  DeadLetterReader reader() {
    return DeadLetterReader.open(clients, topics);
  }

  DeadLetterWriter writer() {
    return DeadLetterWriter.open(clients, topics, (short) 1, "a test");
  }

  List<DeadLetterEntry> newest(DeadLetterFilter filter, int limit) {
    try (DeadLetterReader reader = reader()) {
      return reader.newest(filter, reader.states(), limit, ScanProgress.NONE);
    }
  }

  /// The dead letter at a position, and what was done about it.
  DeadLetterEntry entry(DeadLetterPosition position) {
    return newest(DeadLetterFilter.of(Kind.values()), 1000).stream()
        .filter(entry -> entry.letter().position().equals(position))
        .findFirst()
        .orElseThrow();
  }

  /// Retries, and says what became of each.
  Map<DeadLetterPosition, String> retry(
      DeadLetterRetry.Rules rules, DeadLetterPosition... positions) throws Exception {
    Map<DeadLetterPosition, String> outcomes = new LinkedHashMap<>();
    DeadLetterRetry.Listener listener =
        new DeadLetterRetry.Listener() {
          @Override
          public void retried(DeadLetterEntry entry) {
            outcomes.put(entry.letter().position(), "retried");
          }

          @Override
          public void refused(DeadLetterEntry entry, String why) {
            outcomes.put(entry.letter().position(), why);
          }
        };
    try (DeadLetterReader reader = reader();
        DeadLetterWriter writer = writer()) {
      List<DeadLetterEntry> entries = new ArrayList<>();
      for (DeadLetterPosition position : positions) {
        entries.add(entry(position));
      }
      new DeadLetterRetry(clients, topics, reader, rules, listener).run(entries, writer);
    }
    return outcomes;
  }

  /// All committed records of a topic.
  List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            clients.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  /// Has Kafka delete what stands before an offset.
  void deleteBefore(String topic, int partition, long offset) throws Exception {
    try (Admin admin = Admin.create(clients.admin())) {
      admin
          .deleteRecords(
              Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
          .all()
          .get();
    }
  }

  /// Has `images` refuse larger records from now on.
  void limitImages(int bytes) throws Exception {
    try (Admin admin = Admin.create(clients.admin())) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topics.images()),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry(
                              TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes)),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  @Override
  public void close() {
    producer.close();
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(UTF_8);
  }

  /// One dead letter.
  final class Letter {
    private final Map<String, byte @Nullable []> headers = new LinkedHashMap<>();
    private byte @Nullable [] key;
    private byte @Nullable [] value = bytes("image");
    private int partition;
    private @Nullable Long timestamp;

    private Letter(String id, long originalOffset) {
      key = bytes(id);
      header("kept", "yes");
      header(DeadLetterHeaders.TOPIC, topics.images());
      header(DeadLetterHeaders.PARTITION, "0");
      header(DeadLetterHeaders.OFFSET, Long.toString(originalOffset));
      header(DeadLetterHeaders.ERROR, "UNDECODABLE");
      header(DeadLetterHeaders.MESSAGE, "cut short");
    }

    Letter header(String name, @Nullable String text) {
      headers.put(name, bytes(text));
      return this;
    }

    Letter without(String name) {
      headers.remove(name);
      return this;
    }

    Letter withoutHeaders() {
      headers.clear();
      return this;
    }

    Letter key(byte @Nullable [] bytes) {
      key = bytes;
      return this;
    }

    Letter value(byte @Nullable [] bytes) {
      value = bytes;
      return this;
    }

    Letter partition(int number) {
      partition = number;
      return this;
    }

    Letter at(long millis) {
      timestamp = millis;
      return this;
    }

    ProducerRecord<byte[], byte[]> record() {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topics.imagesDlq(), partition, timestamp, key, value);
      headers.forEach((name, text) -> record.headers().add(name, text));
      return record;
    }

    DeadLetterPosition send() throws Exception {
      RecordMetadata at = TestDeadLetters.this.send(record());
      return new DeadLetterPosition(at.partition(), at.offset());
    }
  }
}
