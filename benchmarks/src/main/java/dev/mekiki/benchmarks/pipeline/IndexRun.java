package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.data.ImageIds;
import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.testbed.MadeUpImages;
import dev.mekiki.benchmarks.testbed.Testbed;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.index.IndexService;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.schemas.serde.ProtobufSerde;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.ImageCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/// An index service with topics of its own, a producer that writes codes as an encoder does, and a
/// consumer that reads the matches.
final class IndexRun implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofMinutes(1);

  private final String name;
  private final MadeUpImages images;
  private final GenerationGeometry geometry;
  private final String topic;
  private final IndexService service;
  private final Gauges gauges;
  private final MatchWatch matches;
  private final KafkaProducer<String, ImageCode> producer;

  /// @param name of the topics, different for each run on a testbed
  IndexRun(
      Testbed testbed,
      String name,
      Map<String, String> settings,
      Generation generation,
      MadeUpImages images)
      throws InterruptedException {
    this.name = name;
    this.images = images;
    this.geometry = GenerationGeometry.of(generation);
    KafkaClients clients = testbed.clients();
    Topics topics = Testbed.topics(name);
    topic = topics.imageCodes(MadeUpImages.NETWORK);
    IndexConfig config = testbed.configuration(name, settings).get(IndexConfig.class);
    short replication = 1;
    TopicProvisioner.ensure(
        clients,
        List.of(
            TopicSpec.generations(topics, replication),
            TopicSpec.matches(topics, config.topics().partitions(), replication)));
    var _ = new GenerationRegistry(clients, topics).announce(generation, false);
    service = IndexService.start(config);
    service.awaitReady(READY_LIMIT);
    gauges = new Gauges(service.address());
    matches = new MatchWatch(clients, topics.matches(), images.size());
    Map<String, Object> producerSettings = clients.producer();
    producerSettings.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10);
    producer =
        new KafkaProducer<>(
            producerSettings,
            new StringSerializer(),
            ProtobufSerde.of(ImageCode.getDefaultInstance()).serializer());
  }

  void send(int number) {
    var _ = producer.send(new ProducerRecord<>(topic, ImageIds.of(number), images.record(number)));
  }

  /// Of the topics.
  String name() {
    return name;
  }

  /// host:port of the index service.
  String address() {
    return service.address();
  }

  MadeUpImages images() {
    return images;
  }

  MatchWatch matches() {
    return matches;
  }

  /// Placements of the images from 0 to below a number, replicas included.
  long placements(int to) {
    long placements = 0;
    for (int number = 0; number < to; number++) {
      placements += geometry.plan(images.code(number)).partitions().size();
    }
    return placements;
  }

  /// Sends images 0 to below `to` as fast as the broker takes them.
  ///
  /// @param expectedMatches copies among them, or 0 if matching is off
  /// @return codes a second, from the first send to when all are processed and all matches seen
  double rate(int to, int expectedMatches, Duration limit) throws InterruptedException {
    long placements = placements(to);
    long start = System.nanoTime();
    for (int number = 0; number < to; number++) {
      send(number);
    }
    producer.flush();
    long left = Math.max(1, limit.toNanos() - (System.nanoTime() - start));
    long end =
        Gauges.await(
            "%,d placements and %,d matches".formatted(placements, expectedMatches),
            Duration.ofNanos(left),
            () -> matches.images() >= expectedMatches && gauges.placements() >= placements);
    return Figures.perSecond(to, end - start);
  }

  @Override
  public void close() {
    producer.close();
    matches.close();
    gauges.close();
    service.close();
  }
}
