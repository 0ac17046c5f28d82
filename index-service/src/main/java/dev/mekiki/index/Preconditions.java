package dev.mekiki.index;

import dev.mekiki.index.copies.CopySettings;
import dev.mekiki.index.expiry.Expiry;
import dev.mekiki.index.groups.GroupSettings;
import dev.mekiki.index.history.ImageHistory;
import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.index.topology.IndexNames;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.runtime.kafka.BrokerProbe;
import dev.mekiki.runtime.kafka.ConsumerGroups;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.runtime.server.Access;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What must hold before an instance is built: Kafka answers, a generation is active, the instances
/// agree on the match settings, and the topics fit the generation and hold what was not processed
/// yet. Nothing here has to be closed.
///
/// @param access where the instance listens and who may call it
/// @param clients settings of Kafka clients
/// @param names of the index's topics and group
/// @param generations the topic of generations
/// @param geometry the generation to serve
/// @param matching what is a match
/// @param copies how copies are looked for; null if they are not
/// @param groups how groups are kept; null if they are not
/// @param agreed what the instances of the generation have agreed on
record Preconditions(
    Access access,
    KafkaClients clients,
    IndexNames names,
    GenerationRegistry generations,
    GenerationGeometry geometry,
    MatchSettings matching,
    @Nullable CopySettings copies,
    @Nullable GroupSettings groups,
    dev.mekiki.schemas.v1.MatchSettings agreed) {
  private static final Logger log = LoggerFactory.getLogger(Preconditions.class);

  /// Checks all, and waits for an active generation.
  ///
  /// @throws StartException where one does not hold
  static Preconditions check(IndexConfig config, IndexRole role) {
    Access access = Access.of("index", role.listen(config), config.server());
    KafkaClients clients = new KafkaClients(config.kafka(), config.images());
    String cluster = BrokerProbe.probe(clients);
    Topics topics = config.topics().names();
    TopicProvisioner.ensure(
        clients, List.of(TopicSpec.generations(topics, config.topics().replication())));
    GenerationRegistry generations = new GenerationRegistry(clients, topics);
    Generation generation = generation(config, role, generations, cluster);
    GenerationGeometry geometry = GenerationGeometry.of(generation);
    MatchSettings matching = config.match().settings(config.tenants().shared());
    CopySettings copies =
        config
            .match()
            .copySettings(config.tenants().shared(), config.topics().landmarkPartitions());
    GroupSettings groups =
        config.groups().settings(config.topics().partitions(), config.tenants().shared());
    ConsumerGroups consumers = new ConsumerGroups(clients);
    IndexAgreement.Agreed agreed =
        new IndexAgreement(generations, consumers, topics, geometry.id())
            .agree(
                new IndexAgreement.Rules(
                    matching.policy(), matching.origins(), copies != null, groups != null),
                config.match().change() && !role.isBeside(),
                config.index().reindex() && !role.isBeside());
    IndexNames names = agreed.names();
    TopicProvisioner.ensure(clients, specs(config, names, geometry));
    checkProbes(consumers, names, names.probes(), geometry.partitions());
    if (copies != null) {
      checkProbes(consumers, names, names.landmarkProbes(), copies.partitions());
    }
    if (groups != null) {
      checkProbes(consumers, names, names.groupMessages(), groups.partitions());
    }
    return new Preconditions(
        access, clients, names, generations, geometry, matching, copies, groups, agreed.settings());
  }

  /// The generation to serve.
  private static Generation generation(
      IndexConfig config, IndexRole role, GenerationRegistry generations, String cluster) {
    if (role.generation() != null) {
      return generations.find(role.generation());
    }
    log.info(
        "Waiting for an active generation, which an encoder service announces cluster={} topic={}",
        cluster,
        config.topics().names().generations());
    return generations.awaitActive(config.index().generationTimeout());
  }

  /// Refuses to go on where probes are gone that were not processed: matches would be missing, and
  /// nobody would know.
  private static void checkProbes(
      ConsumerGroups groups, IndexNames names, String topic, int partitions) {
    List<ConsumerGroups.Lost> lost = groups.lost(names.applicationId(), topic, partitions);
    if (!lost.isEmpty()) {
      ConsumerGroups.Lost first = lost.getFirst();
      throw new StartException(
          ("the index was stopped for longer than probes are kept: topic %s, partition %d, begins"
                  + " at offset %d, consumer group %s would go on at %s; so it is in %d of %d"
                  + " partitions (expected: no probe lost; start one index instance with --reindex,"
                  + " which makes the index again from image-codes, and keep probes longer by"
                  + " retention.ms of the topic or mekiki.topics.probes-retention)")
              .formatted(
                  topic,
                  first.partition().partition(),
                  first.start(),
                  names.applicationId(),
                  first.committed() == null ? "an offset no longer known" : first.committed(),
                  lost.size(),
                  partitions));
    }
  }

  private static List<TopicSpec> specs(
      IndexConfig config, IndexNames names, GenerationGeometry geometry) {
    Topics topics = names.topics();
    short replication = config.topics().replication();
    List<TopicSpec> specs = new ArrayList<>(TopicSpec.policy(topics, replication));
    // Kafka Streams has the leader of the group create changelogs: one of an earlier version, while
    // instances are replaced one after the other, does not know these.
    for (String store : List.of(Expiry.IMAGES_STORE, ImageHistory.IMAGES_STORE)) {
      specs.add(
          TopicSpec.changelog(
              names.applicationId(), store, config.topics().partitions(), replication));
    }
    if (config.match().copies()) {
      int landmarkPartitions = config.topics().landmarkPartitions();
      for (String store : List.of(Expiry.LANDMARKS_STORE, ImageHistory.LANDMARKS_STORE)) {
        specs.add(
            TopicSpec.changelog(names.applicationId(), store, landmarkPartitions, replication));
      }
      Duration retention = config.topics().probesRetention();
      specs.add(
          TopicSpec.imageLandmarks(topics, geometry.network(), landmarkPartitions, replication)
              .forgetting(config.images().kept().duration()));
      specs.add(
          TopicSpec.landmarkProbes(
              topics, geometry.id(), names.run(), landmarkPartitions, replication, retention));
      specs.add(
          TopicSpec.copyCandidates(topics, config.topics().partitions(), replication, retention));
      specs.add(TopicSpec.reportedCopies(topics, config.topics().partitions(), replication));
    }
    if (config.groups().kept()) {
      int partitions = config.topics().partitions();
      specs.add(TopicSpec.groups(topics, partitions, replication));
      specs.add(
          TopicSpec.groupMessages(
              topics,
              geometry.id(),
              names.run(),
              partitions,
              replication,
              config.topics().probesRetention()));
    }
    specs.addAll(
        List.of(
            TopicSpec.imageCodes(
                    topics, geometry.network(), config.topics().partitions(), replication)
                .forgetting(config.images().kept().duration()),
            TopicSpec.codePlacements(
                topics, geometry.id(), names.run(), geometry.partitions(), replication),
            TopicSpec.probes(
                topics,
                geometry.id(),
                names.run(),
                geometry.partitions(),
                replication,
                config.topics().probesRetention()),
            TopicSpec.reported(topics, geometry.id(), config.topics().partitions(), replication),
            TopicSpec.matches(topics, config.topics().partitions(), replication)));
    return specs;
  }
}
