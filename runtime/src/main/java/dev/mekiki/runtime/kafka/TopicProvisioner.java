package dev.mekiki.runtime.kafka;

import static java.util.Objects.requireNonNull;

import dev.mekiki.runtime.StartException;
import dev.mekiki.schemas.topic.TopicSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Creates the topics that services need, and checks those that exist.
public final class TopicProvisioner {
  private static final Logger log = LoggerFactory.getLogger(TopicProvisioner.class);

  // A created topic is not at once known to every broker that may be asked.
  private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofMillis(50);

  private TopicProvisioner() {}

  /// Creates each topic that is missing and checks each that is there. Several services may do this
  /// at the same time.
  ///
  /// @throws StartException listing what differs from the specifications, or why a topic could not
  ///   be created
  public static void ensure(KafkaClients clients, Collection<TopicSpec> specs) {
    try (Admin admin = Admin.create(clients.admin())) {
      List<String> problems = new ArrayList<>(create(admin, clients, specs));
      if (problems.isEmpty()) {
        problems.addAll(differences(admin, clients, specs));
      }
      if (!problems.isEmpty()) {
        throw StartException.of("topics at " + clients.bootstrapServers(), problems);
      }
    }
  }

  private static List<String> create(
      Admin admin, KafkaClients clients, Collection<TopicSpec> specs) {
    Map<String, KafkaFuture<Void>> created =
        admin
            .createTopics(
                specs.stream()
                    .map(spec ->
                        new NewTopic(spec.name(), spec.partitions(), spec.replication())
                            .configs(spec.config()))
                    .toList())
            .values();
    List<String> problems = new ArrayList<>();
    for (TopicSpec spec : specs) {
      try {
        AdminCalls.await(requireNonNull(created.get(spec.name())), clients.bootstrapServers());
        log.info(
            "Topic created topic={} partitions={} replication={}",
            spec.name(),
            spec.partitions(),
            spec.replication());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          problems.add("%s cannot be created: %s".formatted(spec.name(), reason(e)));
        }
      }
    }
    return problems;
  }

  private static List<String> differences(
      Admin admin, KafkaClients clients, Collection<TopicSpec> specs) {
    List<String> names = specs.stream().map(TopicSpec::name).toList();
    Instant deadline = Instant.now().plus(VISIBLE_WITHIN);
    while (true) {
      try {
        Map<String, TopicDescription> descriptions =
            AdminCalls.await(
                admin.describeTopics(names).allTopicNames(), clients.bootstrapServers());
        Map<String, Map<String, String>> configs = configs(admin, clients, names);
        return specs.stream()
            .flatMap(spec ->
                differences(
                    spec,
                    requireNonNull(descriptions.get(spec.name())),
                    configs.getOrDefault(spec.name(), Map.of())))
            .toList();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || Instant.now().isAfter(deadline)) {
          return List.of("%s cannot be described: %s".formatted(names, reason(e)));
        }
        pause();
      }
    }
  }

  private static Stream<String> differences(
      TopicSpec spec, TopicDescription actual, Map<String, String> config) {
    return spec.differences(actual.partitions().size(), replication(actual), config).stream();
  }

  static Map<String, Map<String, String>> configs(
      Admin admin, KafkaClients clients, List<String> names) throws ExecutionException {
    List<ConfigResource> resources =
        names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    return AdminCalls.await(admin.describeConfigs(resources).all(), clients.bootstrapServers())
        .entrySet()
        .stream()
        .collect(
            Collectors.toMap(
                config -> config.getKey().name(),
                config ->
                    config.getValue().entries().stream()
                        .filter(entry -> entry.value() != null)
                        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value))));
  }

  static int replication(TopicDescription description) {
    return description.partitions().stream()
        .mapToInt(partition -> partition.replicas().size())
        .min()
        .orElse(0);
  }

  private static @Nullable String reason(ExecutionException e) {
    return e.getCause() == null ? e.toString() : e.getCause().getMessage();
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while waiting for topics", e);
    }
  }
}
