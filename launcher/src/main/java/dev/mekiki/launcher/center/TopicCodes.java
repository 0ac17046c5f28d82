package dev.mekiki.launcher.center;

import dev.mekiki.centers.solve.SolveListener;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.kafka.BrokerProbe;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.serde.ProtobufSerde;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.ImageCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// The codes that a network has given to the images of a cluster, read from `image-codes`.
public final class TopicCodes {
  private static final Duration POLL = Duration.ofMillis(200);

  private TopicCodes() {}

  /// The latest code of each image that is not deleted, as of now. All are held in memory.
  ///
  /// @param progress offsets read, of all
  /// @throws StartException where Kafka is not there, or has no codes of the bundle's network
  public static List<HashCode> read(
      KafkaClients clients, Topics topics, Bundle bundle, SolveListener progress) {
    BrokerProbe.probe(clients);
    String topic = topics.imageCodes(bundle.networkId());
    try (KafkaConsumer<byte[], ImageCode> consumer = consumer(clients)) {
      if (!consumer.listTopics().containsKey(topic)) {
        throw new StartException(
            "%s at %s: no such topic (expected: a network that has encoded there; there are: %s)"
                .formatted(topic, clients.bootstrapServers(), others(consumer, topics)));
      }
      List<HashCode> codes =
          List.copyOf(latest(consumer, topic, record -> code(record, bundle), progress).values());
      if (codes.isEmpty()) {
        throw new StartException(
            "%s at %s: no codes (expected: those of at least 1 image)"
                .formatted(topic, clients.bootstrapServers()));
      }
      return codes;
    }
  }

  /// What the latest record of each image says that is not deleted, as of now. All is held in
  /// memory.
  ///
  /// @param topic one of `image-codes`; it is there
  /// @param read makes of a record, which has a value, what is kept of it
  /// @return by image id, as UTF-8
  public static <T> Map<ByteBuffer, T> latest(
      KafkaClients clients, String topic, Function<ConsumerRecord<byte[], ImageCode>, T> read) {
    try (KafkaConsumer<byte[], ImageCode> consumer = consumer(clients)) {
      return latest(consumer, topic, read, (_, _) -> {});
    }
  }

  private static KafkaConsumer<byte[], ImageCode> consumer(KafkaClients clients) {
    return new KafkaConsumer<>(
        clients.consumer(),
        new ByteArrayDeserializer(),
        ProtobufSerde.of(ImageCode.getDefaultInstance()).deserializer());
  }

  private static <T> Map<ByteBuffer, T> latest(
      KafkaConsumer<byte[], ImageCode> consumer,
      String topic,
      Function<ConsumerRecord<byte[], ImageCode>, T> read,
      SolveListener progress) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    long total = sum(ends) - sum(begins);
    Map<ByteBuffer, T> codes = new HashMap<>();
    long left = total;
    while (left > 0) {
      for (ConsumerRecord<byte[], ImageCode> record : consumer.poll(POLL)) {
        ByteBuffer id = ByteBuffer.wrap(record.key());
        if ((@Nullable ImageCode) record.value() == null) {
          codes.remove(id);
        } else {
          codes.put(id, read.apply(record));
        }
      }
      left = 0;
      for (TopicPartition partition : partitions) {
        left += Math.max(0, ends.getOrDefault(partition, 0L) - consumer.position(partition));
      }
      progress.progress(total - left, total);
    }
    return codes;
  }

  private static HashCode code(ConsumerRecord<byte[], ImageCode> record, Bundle bundle) {
    ImageCode value = record.value();
    // The topic's name has the network's id: this is a topic that something else has written to.
    if (!value.getNetwork().equals(bundle.networkId())
        || value.getHashCode().size() * Byte.SIZE != bundle.manifest().bits()) {
      throw new StartException(
          "%s-%d@%d: a code of %d bits of network %s (expected: %d bits of network %s)"
              .formatted(
                  record.topic(),
                  record.partition(),
                  record.offset(),
                  value.getHashCode().size() * Byte.SIZE,
                  value.getNetwork(),
                  bundle.manifest().bits(),
                  bundle.networkId()));
    }
    return HashCode.fromBytes(value.getHashCode().toByteArray());
  }

  private static String others(KafkaConsumer<byte[], ImageCode> consumer, Topics topics) {
    String prefix = topics.imageCodes("0".repeat(16)).replaceFirst("0+$", "");
    String others =
        consumer.listTopics().keySet().stream()
            .filter(topic -> topic.startsWith(prefix))
            .sorted()
            .collect(Collectors.joining(", "));
    return others.isEmpty() ? "none" : others;
  }

  private static long sum(Map<TopicPartition, Long> offsets) {
    return offsets.values().stream().mapToLong(Long::longValue).sum();
  }
}
