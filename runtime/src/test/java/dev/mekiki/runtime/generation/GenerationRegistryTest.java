package dev.mekiki.runtime.generation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.SkippedRecords;
import dev.mekiki.runtime.kafka.TestClients;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Center;
import dev.mekiki.schemas.v1.Generation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class GenerationRegistryTest {
  @TempDir static Path directory;
  private static EmbeddedBroker broker;
  private static KafkaClients clients;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FailureOwner failures = new FailureOwner("sample", meters);

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
    assertThat(registry.active().map(Generation::getPartitions)).contains(4);
    registry.announce(generation("aaaaaaaaaaaaaaaa", 8), true);
    assertThat(registry.active().map(Generation::getPartitions)).contains(8);
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
    try (AutoCloseable _ = registry.watch(failures, active -> seen.add(active.getPartitions()))) {
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
    changes.add(generation.toBuilder().setPartitions(7));
    changes.add(generation.toBuilder().setPartitionOfCenter(0, 1));
    changes.add(generation.toBuilder().setCenters(0, center(5, "cat")));
    changes.add(generation.toBuilder().setCenters(0, center(1, "dog")));
    assertThat(changes.stream().map(GenerationRegistryTest::idOf).distinct())
        .hasSameSizeAs(changes)
        .doesNotContain(generation.getId());
  }

  /// What was indexed by an earlier version stays under its id.
  @Test
  void idIsTheOneOfEarlierVersions() {
    assertThat(generation("aaaaaaaaaaaaaaaa", 2).getId())
        .isEqualTo("0f85427ca0a7d2683e2942ab214a7cd3b0d7b8da3ad80dbbbea04927749ae97d");
  }

  private static String idOf(Generation.Builder generation) {
    return GenerationRegistry.identified(generation.build()).getId();
  }

  private GenerationRegistry registry(TestInfo test) {
    TopicProvisioner.ensure(clients, List.of(TopicSpec.generations(topics(test), (short) 1)));
    return new GenerationRegistry(clients, topics(test), new SkippedRecords(meters));
  }

  /// Anyone who may write to Kafka can put anything there.
  @Test
  void noRecordStopsAStartOrAWatch(TestInfo test) throws Exception {
    GenerationRegistry registry = registry(test);
    takeAnyTimestamp(topics(test).generations());
    List<String> seen = new CopyOnWriteArrayList<>();
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Generation first = generation("aaaaaaaaaaaaaaaa", 1);
    Generation second = generation("aaaaaaaaaaaaaaaa", 2);
    try (AutoCloseable _ = registry.watch(failures, active -> seen.add(active.getId()));
        KafkaProducer<byte[], byte[]> producer = rawProducer()) {
      sendPoison(producer, topics(test), random);
      registry.announce(first, false);
      sendPoison(producer, topics(test), random);
      assertThat(registry.active().map(Generation::getId)).contains(first.getId());
      assertThat(registry.awaitActive(Duration.ofSeconds(30)).getId()).isEqualTo(first.getId());
      registry.announce(second, true);
      sendPoison(producer, topics(test), random);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> seen.equals(List.of(first.getId(), second.getId())));
    }
    assertThat(failures.failures()).isZero();
    for (String reason : List.of("undecodable", "wrong-key", "invalid")) {
      assertThat(skipped(reason)).as(reason).isPositive();
    }
  }

  @Test
  void aListenerThatFailsIsCalledAgainAndTheFailuresAreCounted(TestInfo test) throws Exception {
    GenerationRegistry registry = registry(test);
    registry.announce(generation("aaaaaaaaaaaaaaaa", 1), false);
    AtomicInteger calls = new AtomicInteger();
    List<Integer> seen = new CopyOnWriteArrayList<>();
    try (AutoCloseable _ =
        registry.watch(
            failures,
            active -> {
              if (calls.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
              }
              seen.add(active.getPartitions());
            })) {
      await().atMost(Duration.ofSeconds(30)).until(() -> seen.equals(List.of(1)));
      registry.announce(generation("aaaaaaaaaaaaaaaa", 2), true);
      await().atMost(Duration.ofSeconds(30)).until(() -> seen.equals(List.of(1, 2)));
    }
    assertThat(
            meters
                .get("mekiki.service.component.failures")
                .tag("component", "generation-watch")
                .tag("kind", "fault")
                .counter()
                .count())
        .isEqualTo(2);
    assertThat(failures.defect()).isEmpty();
  }

  private static void sendPoison(
      KafkaProducer<byte[], byte[]> producer, Topics topics, Random random) {
    for (int i = 0; i < 30; i++) {
      byte[] value = new byte[random.nextInt(i % 10 == 0 ? 200_000 : 200)];
      random.nextBytes(value);
      send(producer, topics, random, bytes(random, 40), value);
    }
    Generation valid =
        generation("cccccccccccccccc", 3).toBuilder().setState(Generation.State.ACTIVE).build();
    // A generation under another key, and some that contradict themselves.
    send(producer, topics, random, bytes(random, 40), valid.toByteArray());
    for (Generation.Builder wrong :
        List.of(
            valid.toBuilder().setPartitions(Integer.MAX_VALUE),
            valid.toBuilder().setPartitions(0),
            valid.toBuilder().clearCenters(),
            valid.toBuilder().setBits(17),
            valid.toBuilder().setNetwork("\u0000"),
            valid.toBuilder().setPartitionOfCenter(0, 2000))) {
      send(producer, topics, random, valid.getId().getBytes(UTF_8), wrong.build().toByteArray());
    }
    producer.flush();
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer,
      Topics topics,
      Random random,
      byte[] key,
      byte @Nullable [] value) {
    // Years 1970, 2001 and beyond 9999.
    long time = List.of(0L, 1_000_000_000_000L, 1L << 60).get(random.nextInt(3));
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topics.generations(), 0, time, key, value);
    record.headers().add("content-type", bytes(random, 100_000));
    var _ = producer.send(record);
  }

  private static byte[] bytes(Random random, int bound) {
    byte[] bytes = new byte[1 + random.nextInt(bound)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static KafkaProducer<byte[], byte[]> rawProducer() {
    return new KafkaProducer<>(
        clients.producer(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /// As brokers before 4.0 do.
  private static void takeAnyTimestamp(String topic) throws Exception {
    try (Admin admin = Admin.create(clients.admin())) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry(
                              "message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE)),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private double skipped(String reason) {
    return meters.get("mekiki.service.records.skipped").tag("reason", reason).counter().count();
  }

  private static Topics topics(TestInfo test) {
    return new Topics(test.getTestMethod().orElseThrow().getName() + ".");
  }

  private static Generation generation(String network, int partitions) {
    return GenerationRegistry.identified(
        Generation.newBuilder()
            .setNetwork(network)
            .setBits(16)
            .addCenters(center(1, "cat"))
            .addCenters(center(2, "owl"))
            .setPartitions(partitions)
            .addAllPartitionOfCenter(List.of(0, Math.min(1, partitions - 1)))
            .build());
  }

  private static Center center(int code, String label) {
    return Center.newBuilder()
        .setCode(ByteString.copyFrom(new byte[] {(byte) code, 0}))
        .setLabel(label)
        .build();
  }
}
