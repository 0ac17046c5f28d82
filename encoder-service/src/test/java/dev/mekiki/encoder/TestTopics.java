package dev.mekiki.encoder;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.image.Thumbnails;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.ThumbnailCoordinate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// One installation's topics on the test's broker: sends images, reads codes and dead letters, both
/// read-committed. Used by one thread.
final class TestTopics implements AutoCloseable {
  static final int IMAGE_BYTES = 64 << 10;

  private final EncoderConfig config;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaClients clients;
  private final Map<String, Follower> followers = new HashMap<>();

  TestTopics(EncoderConfig config) {
    this.config = config;
    this.clients = new KafkaClients(config.kafka(), config.images());
    this.producer =
        new KafkaProducer<>(
            clients.producer(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /// An encoder's configuration for small images and a free port, with further keys.
  static EncoderConfig config(String bootstrapServers, String prefix, Map<String, String> more) {
    Map<String, String> values = new HashMap<>();
    values.put("mekiki.kafka.bootstrap-servers", bootstrapServers);
    values.put("mekiki.topics.prefix", prefix + ".");
    values.put("mekiki.topics.partitions", "4");
    values.put("mekiki.images.max-bytes", Integer.toString(IMAGE_BYTES));
    values.put("mekiki.encoder.port", "0");
    values.put("mekiki.encoder.instance-id", prefix);
    values.putAll(more);
    return Configuration.of(EncoderConfig.class, values);
  }

  Topics names() {
    return config.topics().names();
  }

  KafkaClients clients() {
    return clients;
  }

  ProducerRecord<byte[], byte[]> record(@Nullable String id, byte @Nullable [] value) {
    return record(id == null ? null : new ImageId(id).toBytes(), value);
  }

  ProducerRecord<byte[], byte[]> record(byte @Nullable [] key, byte @Nullable [] value) {
    return new ProducerRecord<>(names().images(), key, value);
  }

  /// Sends a record; it is on the topic when this returns.
  RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
    try {
      return producer.send(record).get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /// Sends without waiting.
  void enqueue(ProducerRecord<byte[], byte[]> record) {
    var _ = producer.send(record);
  }

  void flush() {
    producer.flush();
  }

  /// The dead letter of the given record, waited for.
  ConsumerRecord<byte[], byte[]> deadLetterOf(RecordMetadata sent) {
    return awaitOne(
        names().imagesDlq(),
        1,
        letter ->
            header(letter, "mekiki-dlq-partition").equals(Integer.toString(sent.partition()))
                && header(letter, "mekiki-dlq-offset").equals(Long.toString(sent.offset())));
  }

  /// The code or tombstone of the given id, waited for: the `count`th record of that key.
  ConsumerRecord<byte[], byte[]> codeOf(String network, String id, int count) {
    byte[] key = new ImageId(id).toBytes();
    return awaitOne(names().imageCodes(network), count, code -> Arrays.equals(code.key(), key));
  }

  /// The record that a code names as its thumbnail; empty where none is committed there.
  Optional<ConsumerRecord<byte[], byte[]>> thumbnailOf(ImageCode code) {
    ThumbnailCoordinate at = code.getThumbnailAt();
    return all(names().thumbnails(code.getNetwork())).stream()
        .filter(record ->
            record.partition() == at.getPartition()
                && record.offset() == at.getOffset()
                && Thumbnails.matches(at, ByteString.copyFrom(record.value())))
        .findFirst();
  }

  /// All records of a topic as far as it is committed now.
  List<ConsumerRecord<byte[], byte[]>> all(String topic) {
    Follower follower = follower(topic);
    Map<TopicPartition, Long> ends = follower.consumer.endOffsets(follower.consumer.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> follower.consumer.position(end.getKey()) < end.getValue())) {
      follower.poll();
    }
    return List.copyOf(follower.records);
  }

  private ConsumerRecord<byte[], byte[]> awaitOne(
      String topic, int count, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    Follower follower = follower(topic);
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> {
          if (follower.records.stream().filter(wanted).count() < count) {
            follower.poll();
          }
          return follower.records.stream().filter(wanted).count() >= count;
        });
    return follower.records.stream().filter(wanted).skip(count - 1).findFirst().orElseThrow();
  }

  private Follower follower(String topic) {
    return followers.computeIfAbsent(topic, name -> new Follower(clients, name));
  }

  /// A topic's records as they are committed; partitions keep their own order.
  private static final class Follower implements AutoCloseable {
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final KafkaConsumer<byte[], byte[]> consumer;

    Follower(KafkaClients clients, String topic) {
      consumer =
          new KafkaConsumer<>(
              clients.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    }

    void poll() {
      consumer.poll(Duration.ofMillis(50)).forEach(records::add);
    }

    @Override
    public void close() {
      consumer.close();
    }
  }

  static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  /// The keys of records as text.
  static List<String> ids(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream()
        .map(record -> new String(record.key(), StandardCharsets.UTF_8))
        .toList();
  }

  static ImageCode code(ConsumerRecord<byte[], byte[]> record) {
    try {
      return ImageCode.parseFrom(record.value());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    followers.values().forEach(Follower::close);
    producer.close();
  }
}
