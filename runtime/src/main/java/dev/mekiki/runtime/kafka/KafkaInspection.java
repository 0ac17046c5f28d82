package dev.mekiki.runtime.kafka;

import dev.mekiki.runtime.StartException;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.TopicSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// Looks at a Kafka that answers, and changes nothing. Calls fail with a {@link StartException}
/// where it does not answer, and with an `ExecutionException` where it refuses. For one thread.
public final class KafkaInspection implements AutoCloseable {
  private static final String METADATA_VERSION = "metadata.version";

  private final KafkaClients clients;
  private final Admin admin;

  private KafkaInspection(KafkaClients clients) {
    this.clients = clients;
    this.admin = Admin.create(clients.admin());
  }

  /// Opens a client.
  public static KafkaInspection open(KafkaClients clients) {
    return new KafkaInspection(clients);
  }

  /// How a topic is.
  ///
  /// @param present whether it is there; the rest is empty where it is not
  /// @param differences from its specification, a phrase each
  /// @param offline partitions without a leader
  /// @param underReplicated partitions of which a copy is behind
  public record TopicState(
      String name, boolean present, List<String> differences, int offline, int underReplicated) {
    public TopicState {
      differences = List.copyOf(differences);
    }
  }

  /// The level of `metadata.version` that the cluster has settled on, which says which Kafka it is;
  /// empty where it does not say.
  public Optional<Short> metadataVersion() throws ExecutionException {
    FinalizedVersionRange range =
        await(admin.describeFeatures().featureMetadata()).finalizedFeatures().get(METADATA_VERSION);
    return Optional.ofNullable(range).map(FinalizedVersionRange::maxVersionLevel);
  }

  /// How many brokers there are.
  public int brokers() throws ExecutionException {
    return await(admin.describeCluster().nodes()).size();
  }

  /// How far the clock of the active controller is ahead of this machine's, negative where it is
  /// behind; wrong by half the time that the answer takes at most. Empty where it does not say.
  public Optional<Duration> clockOffset() throws ExecutionException {
    Instant before = Instant.now();
    QuorumInfo quorum = await(admin.describeMetadataQuorum().quorumInfo());
    Instant after = Instant.now();
    Instant middle = before.plus(Duration.between(before, after).dividedBy(2));
    // The active controller has caught up with itself at the time of the question.
    return quorum.voters().stream()
        .filter(voter -> voter.replicaId() == quorum.leaderId())
        .flatMap(voter -> voter.lastCaughtUpTimestamp().stream().boxed())
        .filter(time -> time > 0)
        .findFirst()
        .map(time -> Duration.between(middle, Instant.ofEpochMilli(time)));
  }

  /// How each of the topics is, in their order.
  public List<TopicState> topics(Collection<TopicSpec> specs) throws ExecutionException {
    List<String> names = specs.stream().map(TopicSpec::name).toList();
    Map<String, KafkaFuture<TopicDescription>> asked =
        admin.describeTopics(names).topicNameValues();
    List<TopicState> states = new ArrayList<>();
    for (TopicSpec spec : specs) {
      states.add(state(spec, description(asked, spec.name())));
    }
    return states;
  }

  private @Nullable TopicDescription description(
      Map<String, KafkaFuture<TopicDescription>> asked, String name) throws ExecutionException {
    KafkaFuture<TopicDescription> one = asked.get(name);
    try {
      return one == null ? null : await(one);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return null;
      }
      throw e;
    }
  }

  private TopicState state(TopicSpec spec, @Nullable TopicDescription description)
      throws ExecutionException {
    if (description == null) {
      return new TopicState(spec.name(), false, List.of(), 0, 0);
    }
    List<TopicPartitionInfo> partitions = description.partitions();
    Map<String, String> config =
        TopicProvisioner.configs(admin, clients, List.of(spec.name()))
            .getOrDefault(spec.name(), Map.of());
    return new TopicState(
        spec.name(),
        true,
        spec.differences(partitions.size(), TopicProvisioner.replication(description), config),
        Math.toIntExact(
            partitions.stream()
                .filter(partition -> partition.leader() == null || partition.leader().isEmpty())
                .count()),
        Math.toIntExact(
            partitions.stream()
                .filter(partition -> partition.isr().size() < partition.replicas().size())
                .count()));
  }

  /// What a refusal says.
  public static String reason(ExecutionException refusal) {
    Throwable cause = refusal.getCause() == null ? refusal : refusal.getCause();
    return BoundedText.message(cause);
  }

  private <T> T await(KafkaFuture<T> answer) throws ExecutionException {
    return AdminCalls.await(answer, clients.bootstrapServers());
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
