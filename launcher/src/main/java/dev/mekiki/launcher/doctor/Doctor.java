package dev.mekiki.launcher.doctor;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.query.QueryConfig;
import dev.mekiki.query.QueryService;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// All checks, in the order in which one explains the next. Stateless.
public final class Doctor {
  private Doctor() {}

  /// Looks at everything.
  ///
  /// @param configuration of the installation
  /// @param query a query service of it
  public static List<Finding> findings(Configuration configuration, MekikiClient query)
      throws IOException {
    EncoderConfig encoder = configuration.get(EncoderConfig.class);
    List<Finding> findings = new ArrayList<>();
    findings.addAll(
        KafkaChecks.of(
            new KafkaClients(encoder.kafka(), encoder.images()),
            topics(encoder, configuration.get(QueryConfig.class))));
    findings.addAll(ServiceChecks.of(query, QueryService.version()));
    findings.addAll(
        HostChecks.of(Host.measure(configuration.get(IndexConfig.class).index().stateDir())));
    return findings;
  }

  /// The topics that there are whatever the network and the generation.
  private static List<TopicSpec> topics(EncoderConfig encoder, QueryConfig query) {
    Topics topics = encoder.topics().names();
    int partitions = encoder.topics().partitions();
    short replication = encoder.topics().replication();
    int bytes = encoder.images().maxBytes();
    List<TopicSpec> specs =
        new ArrayList<>(
            List.of(
                TopicSpec.images(topics, partitions, replication, bytes)
                    .forgetting(query.images().kept().duration()),
                TopicSpec.imagesDlq(topics, partitions, replication, bytes),
                TopicSpec.generations(topics, replication),
                TopicSpec.matches(topics, partitions, replication)));
    specs.addAll(TopicSpec.policy(topics, replication));
    specs.add(TopicSpec.rematch(topics, replication));
    return specs;
  }
}
