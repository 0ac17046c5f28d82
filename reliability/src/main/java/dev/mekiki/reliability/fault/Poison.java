package dev.mekiki.reliability.fault;

import dev.mekiki.launcher.endtoend.PoisonRecords;
import dev.mekiki.reliability.topics.TopicNames;
import dev.mekiki.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Sends records that nobody can use to every topic that services read.
///
/// They are made from nothing, not of records that are there: a well-formed record with a real
/// image's id is no poison but a forgery, against which only passwords help.
final class Poison {
  private static final int LARGEST_RECORD = 1 << 20;

  private final PoisonRecords records;
  private final String bootstrapServers;
  private final TopicNames names;

  Poison(long seed, String bootstrapServers, TopicNames names) {
    this.records = new PoisonRecords(seed, LARGEST_RECORD);
    this.bootstrapServers = bootstrapServers;
    this.names = names;
  }

  /// Sends what brokers take now: where they do not answer, that is no failure.
  ///
  /// @param each records for each topic
  /// @return how many the brokers took
  int send(int each) throws InterruptedException {
    Topics topics = Topics.withDefaultPrefix();
    // These are not compacted: they take records without a key.
    Set<String> plain = Set.of(topics.images(), topics.matches(), names.probes());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "acks",
                "all",
                "max.request.size",
                2 * LARGEST_RECORD,
                "max.block.ms",
                60_000,
                "request.timeout.ms",
                10_000,
                "delivery.timeout.ms",
                60_000),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (String topic : names.read()) {
        send(producer, topic, each, plain.contains(topic), sent);
      }
      int taken = 0;
      for (Future<RecordMetadata> record : sent) {
        taken += isTaken(record) ? 1 : 0;
      }
      producer.close(Duration.ofSeconds(5));
      return taken;
    }
  }

  private void send(
      KafkaProducer<byte[], byte[]> producer,
      String topic,
      int each,
      boolean nullKeys,
      List<Future<RecordMetadata>> sent) {
    try {
      int partitions = producer.partitionsFor(topic).size();
      for (int i = 0; i < each; i++) {
        sent.add(producer.send(records.any(topic, partitions, List.of(), nullKeys)));
      }
    } catch (TimeoutException e) {
      // No broker knows the topic at the moment.
    }
  }

  private static boolean isTaken(Future<RecordMetadata> record) throws InterruptedException {
    try {
      record.get();
      return true;
    } catch (ExecutionException e) {
      // Such as one with a timestamp of another age, which brokers refuse.
      return false;
    }
  }
}
