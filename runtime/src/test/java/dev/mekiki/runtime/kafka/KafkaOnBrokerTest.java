package dev.mekiki.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.generation.Announcement;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Center;
import dev.mekiki.schemas.v1.Generation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class KafkaOnBrokerTest {
  @TempDir static Path directory;
  private static EmbeddedBroker broker;
  private static KafkaClients clients;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory));
    clients = TestClients.of(Map.of("mekiki.kafka.bootstrap-servers", broker.bootstrapServers()));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void probeAnswersTheClusterId() {
    assertThat(BrokerProbe.probe(clients)).isEqualTo(broker.clusterId());
  }

  @Test
  void missingTopicsAreCreatedAndEqualOnesAccepted(TestInfo test) {
    Topics topics = topics(test);
    List<TopicSpec> specs =
        List.of(
            TopicSpec.images(topics, 2, (short) 1, 1 << 20),
            TopicSpec.imagesDlq(topics, 2, (short) 1, 1 << 20),
            TopicSpec.imageCodes(topics, "0123456789abcdef", 2, (short) 1),
            TopicSpec.codePlacements(topics, "0123456789abcdef", 3, (short) 1),
            TopicSpec.matches(topics, 2, (short) 1),
            TopicSpec.generations(topics, (short) 1));
    TopicProvisioner.ensure(clients, specs);
    TopicProvisioner.ensure(clients, specs);
  }

  @Test
  void topicThatDiffersIsRefusedNamingWhatDiffers(TestInfo test) {
    Topics topics = topics(test);
    TopicProvisioner.ensure(clients, List.of(TopicSpec.images(topics, 2, (short) 1, 1 << 20)));
    assertThatThrownBy(() ->
            TopicProvisioner.ensure(
                clients, List.of(TopicSpec.images(topics, 4, (short) 1, 2 << 20))))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(topics.images() + " has 2 partitions (expected: 4)")
        .hasMessageContaining("max.message.bytes=1310720 (expected: at least 2359296)");
  }

  @Test
  void topicForSmallerImagesIsAcceptedWhereItTakesLarger(TestInfo test) {
    Topics topics = topics(test);
    TopicProvisioner.ensure(clients, List.of(TopicSpec.images(topics, 2, (short) 1, 2 << 20)));
    TopicProvisioner.ensure(clients, List.of(TopicSpec.images(topics, 2, (short) 1, 1 << 20)));
  }

  @Test
  void moreCopiesThanBrokersIsExplained(TestInfo test) {
    assertThatThrownBy(() ->
            TopicProvisioner.ensure(
                clients, List.of(TopicSpec.matches(topics(test), 1, (short) 3))))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("cannot be created")
        .hasMessageContaining("replication factor");
  }

  @Test
  void firstAnnouncedGenerationBecomesActiveAndStaysSo(TestInfo test) {
    GenerationRegistry registry = registry(test);
    assertThat(registry.active()).isEmpty();
    Generation first = generation("aaaaaaaaaaaaaaaa", 8);
    assertThat(registry.announce(first, false)).isInstanceOf(Announcement.Activated.class);
    assertThat(registry.announce(first, false)).isInstanceOf(Announcement.AlreadyActive.class);
    assertThat(registry.announce(generation("bbbbbbbbbbbbbbbb", 8), false))
        .isInstanceOfSatisfying(
            Announcement.OtherActive.class,
            other -> assertThat(other.active().getNetwork()).isEqualTo("aaaaaaaaaaaaaaaa"));
    assertThat(registry.active().map(Generation::getId)).contains(first.getId());
  }

  @Test
  void replacedGenerationIsRetired(TestInfo test) {
    GenerationRegistry registry = registry(test);
    registry.announce(generation("aaaaaaaaaaaaaaaa", 8), false);
    Generation second = generation("aaaaaaaaaaaaaaaa", 4);
    assertThat(registry.announce(second, true)).isInstanceOf(Announcement.Activated.class);
    assertThat(registry.active().map(Generation::getReplicationRadius)).contains(4);
    registry.announce(generation("aaaaaaaaaaaaaaaa", 8), true);
    assertThat(registry.active().map(Generation::getReplicationRadius)).contains(8);
  }

  @Test
  void ofManyAnnouncersAtOnceOneWins(TestInfo test) {
    GenerationRegistry registry = registry(test);
    List<CompletableFuture<Announcement>> announcements =
        IntStream.range(0, 4)
            .mapToObj(i ->
                CompletableFuture.supplyAsync(
                    () -> registry.announce(generation("%016x".formatted(i), 8), false),
                    task -> Thread.ofVirtual().start(task)))
            .toList();
    List<Announcement> outcomes = announcements.stream().map(CompletableFuture::join).toList();
    assertThat(outcomes).filteredOn(Announcement.Activated.class::isInstance).hasSize(1);
    assertThat(outcomes).filteredOn(Announcement.OtherActive.class::isInstance).hasSize(3);
  }

  @Test
  void waitingForAGenerationEndsWithAMessage(TestInfo test) {
    GenerationRegistry registry = registry(test);
    assertThatThrownBy(() -> registry.awaitActive(Duration.ofMillis(200)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("no generation is active");
  }

  @Test
  void watchersSeeTheActiveGenerationAndEachLaterOne(TestInfo test) throws Exception {
    GenerationRegistry registry = registry(test);
    registry.announce(generation("aaaaaaaaaaaaaaaa", 1), false);
    List<Integer> seen = new CopyOnWriteArrayList<>();
    try (AutoCloseable _ = registry.watch(active -> seen.add(active.getReplicationRadius()))) {
      await().until(() -> seen.equals(List.of(1)));
      registry.announce(generation("aaaaaaaaaaaaaaaa", 2), true);
      await().until(() -> seen.equals(List.of(1, 2)));
    }
  }

  @Test
  void idIsTheHashOfWhatMakesAGeneration() {
    Generation generation = generation("aaaaaaaaaaaaaaaa", 8);
    assertThat(generation.getId()).hasSize(64);
    assertThat(idOf(generation.toBuilder().setBundle("elsewhere"))).isEqualTo(generation.getId());
    List<Generation.Builder> changes = new ArrayList<>();
    changes.add(generation.toBuilder().setNetwork("bbbbbbbbbbbbbbbb"));
    changes.add(generation.toBuilder().setReplicationRadius(7));
    changes.add(generation.toBuilder().setPartitionOfCenter(0, 1));
    changes.add(generation.toBuilder().setCenters(0, center(5, "cat")));
    changes.add(generation.toBuilder().setCenters(0, center(1, "dog")));
    assertThat(changes.stream().map(KafkaOnBrokerTest::idOf).distinct())
        .hasSameSizeAs(changes)
        .doesNotContain(generation.getId());
  }

  private static String idOf(Generation.Builder generation) {
    return GenerationRegistry.identified(generation.build()).getId();
  }

  private static GenerationRegistry registry(TestInfo test) {
    TopicProvisioner.ensure(clients, List.of(TopicSpec.generations(topics(test), (short) 1)));
    return new GenerationRegistry(clients, topics(test));
  }

  private static Topics topics(TestInfo test) {
    return new Topics(test.getTestMethod().orElseThrow().getName() + ".");
  }

  private static Generation generation(String network, int radius) {
    return GenerationRegistry.identified(
        Generation.newBuilder()
            .setNetwork(network)
            .setBits(16)
            .addCenters(center(1, "cat"))
            .addCenters(center(2, "owl"))
            .setPartitions(2)
            .addAllPartitionOfCenter(List.of(0, 1))
            .setReplicationRadius(radius)
            .build());
  }

  private static Center center(int code, String label) {
    return Center.newBuilder()
        .setCode(ByteString.copyFrom(new byte[] {(byte) code, 0}))
        .setLabel(label)
        .build();
  }
}
