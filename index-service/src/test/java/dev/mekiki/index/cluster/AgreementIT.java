package dev.mekiki.index.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.index.IndexService;
import dev.mekiki.index.World;
import dev.mekiki.runtime.StartException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// What an instance refuses to start with, since matches would be lost or doubled.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes a minute; run with -Dmekiki.tests.long=true")
class AgreementIT {
  private static final int PARTITIONS = 4;
  @TempDir private static Path brokerDirectory;
  private static EmbeddedBroker broker;
  @TempDir private Path directory;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(brokerDirectory));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void instanceWithOtherMatchSettingsIsRefusedUnlessAllAreChanged() {
    long seed = Seeds.seed(AgreementIT.class);
    World world = World.random(new Random(seed), 6, PARTITIONS);
    Workload workload = new Workload(world, seed, 100, 20, 2);
    Map<String, String> others =
        Map.of(
            "mekiki.match.reach", "codes",
            "mekiki.match.fingerprint-radius", "30",
            "mekiki.match.near-radius", "3");
    Path state = directory.resolve("state");
    try (Cluster cluster = new Cluster(broker.bootstrapServers(), "settings", world)) {
      try (IndexService service = cluster.start(state)) {
        cluster.awaitHosts(service.address());
        assertThatThrownBy(() -> cluster.start(directory.resolve("other"), others))
            .isInstanceOf(StartException.class)
            .hasMessageContaining("mekiki.match.reach is codes here and everywhere there;")
            .hasMessageContaining("mekiki.match.fingerprint-radius is 30 here and 31 there;")
            .hasMessageContaining("mekiki.match.near-radius is 3 here and off there (expected:")
            .hasMessageContaining("--change-match-settings");
      }
      // The first starts with what all agreed on, whoever started first.
      cluster.start(state).close();

      Map<String, String> change = new HashMap<>(Map.of("mekiki.match.reach", "codes"));
      change.put("mekiki.match.change", "true");
      try (IndexService service = cluster.start(state, change)) {
        cluster.awaitHosts(service.address());
        cluster.write(workload.next(200));
        cluster.checkMatches(workload, Reach.CODES);
        assertThatThrownBy(() -> cluster.start(directory.resolve("other")))
            .isInstanceOf(StartException.class)
            .hasMessageContaining("mekiki.match.reach is everywhere here and codes there");
        Map<String, String> again = Map.of("mekiki.match.change", "true");
        assertThatThrownBy(() -> cluster.start(directory.resolve("other"), again))
            .isInstanceOf(StartException.class)
            .hasMessageContaining("while instances of consumer group")
            .hasMessageContaining(cluster.applicationId());
      }
    }
  }

  @Test
  void groupsAreSwitchedOnWithANewIndexAlone() {
    long seed = Seeds.seed(AgreementIT.class);
    World world = World.random(new Random(seed), 6, PARTITIONS);
    Path state = directory.resolve("state");
    Map<String, String> on = Map.of("mekiki.groups", "on");
    try (Cluster cluster = new Cluster(broker.bootstrapServers(), "grouped", world);
        Admin admin = Admin.create(cluster.clients().admin())) {
      cluster.start(state).close();
      assertThat(await(admin.listTopics().names()))
          .noneMatch(topic -> topic.startsWith("grouped.group"));
      for (Map<String, String> refused :
          List.of(on, Map.of("mekiki.groups", "on", "mekiki.match.change", "true"))) {
        assertThatThrownBy(() -> cluster.start(state, refused))
            .isInstanceOf(StartException.class)
            .hasMessageContaining("mekiki.groups: on, while the index")
            .hasMessageContaining("--reindex");
      }
      cluster.start(state, Map.of("mekiki.groups", "on", "mekiki.index.reindex", "true")).close();
      cluster.start(state, on).close();
      assertThat(await(admin.listTopics().names())).contains(cluster.groupsTopic());
      assertThatThrownBy(() ->
              cluster.start(
                  state,
                  Map.of(
                      "mekiki.groups", "on",
                      "mekiki.tenants.shared", "on",
                      "mekiki.match.change", "true")))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("mekiki.tenants.shared: on, while groups were kept with it off");
      assertThatThrownBy(() -> cluster.start(state))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("mekiki.groups is off here and on there");
      cluster.start(state, Map.of("mekiki.match.change", "true")).close();
    }
  }

  @Test
  void groupThatWasAwayForLongerThanProbesAreKeptIsRefused() {
    long seed = Seeds.seed(AgreementIT.class);
    World world = World.random(new Random(seed), 6, PARTITIONS);
    Workload workload = new Workload(world, seed, 100, 20, 2);
    Path state = directory.resolve("state");
    try (Cluster cluster = new Cluster(broker.bootstrapServers(), "away", world);
        Admin admin = Admin.create(cluster.clients().admin())) {
      try (IndexService service = cluster.start(state)) {
        cluster.awaitHosts(service.address());
        cluster.write(workload.next(200));
        cluster.checkMatches(workload);
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .untilAsserted(
                () -> assertThat(committed(admin, cluster)).isEqualTo(ends(admin, cluster)));
      }
      int emitted = cluster.matches().size();
      // All probes are gone, and all were processed.
      deleteProbes(admin, cluster);
      try (IndexService service = cluster.start(state)) {
        cluster.awaitHosts(service.address());
        cluster.checkSearches(workload, 5);
      }

      // One more, which nobody processed, goes too.
      cluster.write(
          new ProducerRecord<>(cluster.probesTopic(), 2, null, new byte[] {'x'}, new byte[0]));
      cluster.flush();
      long committed = committed(admin, cluster).getOrDefault(2, 0L);
      deleteProbes(admin, cluster);

      assertThatThrownBy(() -> cluster.start(state))
          .isInstanceOf(StartException.class)
          .hasMessageContaining(
              "topic %s, partition 2, begins at offset %d, consumer group %s would go on at %d"
                  .formatted(
                      cluster.probesTopic(), committed + 1, cluster.applicationId(), committed))
          .hasMessageContaining("--reindex");
      // The remedy: every pair is reported again, and nothing is missing.
      assertThat(cluster.matches()).hasSize(emitted);
      cluster.forgetMatches();
      try (IndexService service = cluster.start(state, "mekiki.index.reindex", "true")) {
        cluster.awaitHosts(service.address());
        cluster.checkMatches(workload);
        cluster.checkSearches(workload, 20);
      }
    }
  }

  private static void deleteProbes(Admin admin, Cluster cluster) {
    Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
    ends(admin, cluster)
        .forEach((partition, end) ->
            all.put(
                new TopicPartition(cluster.probesTopic(), partition),
                RecordsToDelete.beforeOffset(end)));
    await(admin.deleteRecords(all).all());
  }

  private static Map<Integer, Long> committed(Admin admin, Cluster cluster) {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        await(
            admin
                .listConsumerGroupOffsets(cluster.applicationId())
                .partitionsToOffsetAndMetadata());
    Map<Integer, Long> committed = new HashMap<>();
    offsets.forEach((partition, offset) -> {
      if (partition.topic().equals(cluster.probesTopic())) {
        committed.put(partition.partition(), offset.offset());
      }
    });
    return committed;
  }

  private static Map<Integer, Long> ends(Admin admin, Cluster cluster) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    IntStream.range(0, PARTITIONS)
        .forEach(number ->
            asked.put(new TopicPartition(cluster.probesTopic(), number), OffsetSpec.latest()));
    Map<Integer, Long> ends = new HashMap<>();
    await(admin.listOffsets(asked).all())
        .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
    return ends;
  }

  private static <T> T await(KafkaFuture<T> answer) {
    try {
      return answer.get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
