package dev.mekiki.query.matches;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.query.QueryConfig;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.SkippedRecords;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Match;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A feed on a real topic for each test, written by a transactional producer as the index service
/// does.
abstract class OnMatchTopic {
  static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir static Path directory;

  static EmbeddedBroker broker;
  static KafkaClients kafka;
  static KafkaProducer<byte[], byte[]> producer;
  static Admin admin;
  static int topicsMade;

  Topics topics = Topics.withDefaultPrefix();
  MatchFeed feed;
  MatchFeed.Limits limits = new MatchFeed.Limits(100, 10);
  SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory));
    QueryConfig config =
        Configuration.of(
            QueryConfig.class, Map.of("mekiki.kafka.bootstrap-servers", broker.bootstrapServers()));
    kafka = new KafkaClients(config.kafka(), config.images());
    producer =
        new KafkaProducer<>(
            kafka.transactionalProducer("test"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    admin = Admin.create(kafka.admin());
  }

  @AfterAll
  static void stopBroker() {
    admin.close();
    producer.close();
    broker.close();
  }

  @BeforeEach
  void startFeed() {
    topics = new Topics("test%d.".formatted(topicsMade++));
    TopicProvisioner.ensure(kafka, List.of(TopicSpec.matches(topics, 3, (short) 1)));
    feed = newFeed();
  }

  @AfterEach
  void stopFeed() {
    feed.close();
  }

  MatchFeed newFeed() {
    meters = new SimpleMeterRegistry();
    return new MatchFeed(
        () ->
            new KafkaConsumer<>(
                kafka.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
        admin,
        topics.matches(),
        limits,
        new FailureOwner("query", meters),
        new SkippedRecords(meters),
        meters);
  }

  Watcher subscribe(StartFrom from) throws InterruptedException {
    Watcher watcher = new Watcher();
    feed.subscribe(from, watcher);
    assertThat(watcher.begun.await(30, TimeUnit.SECONDS)).isTrue();
    return watcher;
  }

  void send(int from, int to) throws Exception {
    producer.beginTransaction();
    for (String name : names(from, to)) {
      sendOne(name);
    }
    producer.commitTransaction();
  }

  void sendOne(String name) throws Exception {
    String json = JsonFormat.printer().print(Match.newBuilder().setEventId(name).build());
    var _ =
        producer.send(
            new ProducerRecord<>(
                topics.matches(),
                name.getBytes(StandardCharsets.UTF_8),
                json.getBytes(StandardCharsets.UTF_8)));
  }

  double skipped() {
    return meters.find("mekiki.service.records.skipped").counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  void sendRaw(byte @Nullable [] value) {
    var _ =
        producer.send(
            new ProducerRecord<>(
                topics.matches(), 0, "key".getBytes(StandardCharsets.UTF_8), value));
  }

  static List<String> names(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "match " + i).toList();
  }
}
