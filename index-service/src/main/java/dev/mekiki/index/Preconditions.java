package dev.mekiki.index;

import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.runtime.kafka.BrokerProbe;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.runtime.server.Access;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What must hold before an instance is built: Kafka answers, a generation is active, the topics
/// fit it, and so do the match radii. Nothing here has to be closed.
///
/// @param access where the instance listens and who may call it
/// @param clients settings of Kafka clients
/// @param topics names of the topics
/// @param generations the topic of generations
/// @param geometry the generation to serve
/// @param matching what is a match
record Preconditions(
    Access access,
    KafkaClients clients,
    Topics topics,
    GenerationRegistry generations,
    GenerationGeometry geometry,
    MatchSettings matching) {
  private static final Logger log = LoggerFactory.getLogger(Preconditions.class);

  /// Checks all, and waits for an active generation.
  ///
  /// @throws StartException where one does not hold
  static Preconditions check(IndexConfig config) {
    Access access = Access.of("index", config.index(), config.server());
    KafkaClients clients = new KafkaClients(config.kafka(), config.images());
    String cluster = BrokerProbe.probe(clients);
    Topics topics = config.topics().names();
    TopicProvisioner.ensure(
        clients, List.of(TopicSpec.generations(topics, config.topics().replication())));
    GenerationRegistry generations = new GenerationRegistry(clients, topics);
    log.info(
        "Waiting for an active generation, which an encoder service announces cluster={} topic={}",
        cluster,
        topics.generations());
    Generation generation = generations.awaitActive(config.index().generationTimeout());
    GenerationGeometry geometry = GenerationGeometry.of(generation);
    MatchSettings matching = config.match().settings();
    TopicProvisioner.ensure(clients, specs(config, topics, geometry));
    return new Preconditions(access, clients, topics, generations, geometry, matching);
  }

  private static List<TopicSpec> specs(
      IndexConfig config, Topics topics, GenerationGeometry geometry) {
    short replication = config.topics().replication();
    return List.of(
        TopicSpec.imageCodes(topics, geometry.network(), config.topics().partitions(), replication),
        TopicSpec.codePlacements(topics, geometry.id(), geometry.partitions(), replication),
        TopicSpec.probes(
            topics,
            geometry.id(),
            geometry.partitions(),
            replication,
            config.topics().probesRetention()),
        TopicSpec.matches(topics, config.topics().partitions(), replication));
  }
}
