package dev.mekiki.reliability.topics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Watermarks on a broker.
class ProgressTest {
  private static final String IMAGES = "mekiki.images";
  private static final TopicNames NAMES =
      new TopicNames("codes", "thumbnails", "placements", "probes", "groups", "encoder", "index");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path directory;

  /// As on a cluster, where the offsets of a transaction may lie on another broker than its
  /// records.
  @Test
  void recordsOfAnOpenTransactionAreNotProcessed() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory));
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        KafkaProducer<byte[], byte[]> producer = producer(broker);
        Progress progress = new Progress(broker.bootstrapServers(), NAMES)) {
      create(admin);
      producer.initTransactions();
      producer.beginTransaction();
      var _ = producer.send(record(IMAGES));
      producer.commitTransaction();
      producer.beginTransaction();
      var _ = producer.send(record("codes"));
      producer.flush();
      commit(admin, "encoder", IMAGES, 1);

      assertThat(progress.await(Instant.now().plus(Duration.ofSeconds(4)))).isNull();

      producer.commitTransaction();
      assertThat(progress.await(Instant.now().plus(Duration.ofSeconds(4)))).isNull();
      commit(admin, "index", "codes", 1);
      assertThat(progress.await(Instant.now().plus(LIMIT)))
          .isNotNull()
          .matches(reached -> reached.covers(new Place(0, 0)));
    }
  }

  private static void create(Admin admin) throws Exception {
    List<NewTopic> topics =
        Stream.of(IMAGES, "codes", "placements", "probes", "mekiki.matches")
            .map(name -> new NewTopic(name, Optional.of(1), Optional.empty()))
            .toList();
    admin.createTopics(topics).all().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  private static void commit(Admin admin, String group, String topic, long offset)
      throws Exception {
    admin
        .alterConsumerGroupOffsets(
            group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset)))
        .all()
        .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  private static ProducerRecord<byte[], byte[]> record(String topic) {
    return new ProducerRecord<>(topic, new byte[] {1}, new byte[] {2});
  }

  private static KafkaProducer<byte[], byte[]> producer(EmbeddedBroker broker) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "test"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
