package dev.mekiki.index.cluster;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.WebClient;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.index.IndexService;
import dev.mekiki.index.MadeUpLandmarks;
import dev.mekiki.index.World;
import dev.mekiki.index.cluster.Workload.Step;
import dev.mekiki.index.generations.GenerationIndexes;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.generation.GenerationChanges;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.Cut;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.IndexMember;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.RoutingSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two generations of one network beside each other on an embedded broker, each with an index
/// instance, while images flow.
class GenerationsIT {
  private static final int LANES = 3;
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
  void eachPairIsReportedOnceWhileGenerationsChange() throws Exception {
    long seed = Seeds.seed(GenerationsIT.class);
    World world = World.random(new Random(seed), 6, 4);
    Generation next =
        GenerationRegistry.identified(
            World.random(new Random(seed + 1), 9, 3).splitting().generation());
    Workload workload = new Workload(world, seed, 400, 60, LANES);
    try (Cluster cluster = new Cluster(broker.bootstrapServers(), "cuts", world);
        KafkaProducer<byte[], byte[]> images = images(cluster)) {
      Topics topics = new Topics("cuts.");
      TopicProvisioner.ensure(
          cluster.clients(),
          List.of(TopicSpec.images(topics, Cluster.ID_PARTITIONS, (short) 1, 1 << 20)));
      GenerationChanges changes = new GenerationChanges(cluster.clients(), topics);
      String live = changes.registry().active().orElseThrow().getId();
      IndexService first = cluster.start(directory.resolve("live"));
      write(cluster, topics, images, workload.next(500));
      changes.prepare(next);
      IndexService second = startNext(cluster, next);
      try {
        write(cluster, topics, images, workload.next(500));
        whileWriting(
            cluster,
            topics,
            images,
            workload.next(900),
            () -> changes.activate(next.getId(), "ann"));
        // Who takes the partitions over knows the cut, though it lies before where it goes on.
        second.close();
        first.close();
        whileWriting(cluster, topics, images, workload.next(300), () -> {});
        second = startNext(cluster, next);
        first = start(cluster, "live", live);
        whileWriting(
            cluster, topics, images, workload.next(900), () -> changes.activate(live, "ann"));
        write(cluster, topics, images, workload.next(400));

        cluster.awaitHosts(first.address());
        cluster.checkMatches(workload);
        Map<String, Long> reporters =
            cluster.matches().stream()
                .collect(Collectors.groupingBy(Match::getGeneration, Collectors.counting()));
        System.out.println("events by generation: " + reporters);
        assertThat(reporters).containsOnlyKeys(live, next.getId());
        assertThat(reporters.values()).allSatisfy(count -> assertThat(count).isGreaterThan(50));
      } finally {
        first.close();
        second.close();
      }
    }
  }

  @Test
  void aRetiredGenerationIsGivenUpWithoutARestart() throws Exception {
    World world = World.random(new Random(3), 6, 4);
    Generation next = GenerationRegistry.identified(World.random(new Random(4), 6, 3).generation());
    Workload workload = new Workload(world, 5, 200, 30, LANES);
    Topics topics = new Topics("retired.");
    try (Cluster cluster = new Cluster(broker.bootstrapServers(), "retired", world);
        KafkaProducer<byte[], byte[]> images = images(cluster);
        GenerationIndexes indexes = new GenerationIndexes(cluster.clients(), topics)) {
      TopicProvisioner.ensure(
          cluster.clients(),
          List.of(TopicSpec.images(topics, Cluster.ID_PARTITIONS, (short) 1, 1 << 20)));
      GenerationChanges changes = new GenerationChanges(cluster.clients(), topics);
      Generation live = changes.registry().active().orElseThrow();
      try (IndexService instance = cluster.start(directory)) {
        write(cluster, topics, images, workload.next(300));
        changes.prepare(next);
        awaitRunning(indexes, changes, next);
        await().until(() -> indexes.running(changes.registry().read()).size() == 2);
        assertThat(indexes.running(changes.registry().read()))
            .allMatch(member -> member.getFollows())
            .allMatch(member -> member.getHeapBytes() == Runtime.getRuntime().maxMemory())
            .extracting(IndexMember::getGeneration)
            .containsExactlyInAnyOrder(live.getId(), next.getId());
        changes.activate(next.getId(), "ann");
        assertThat(metrics(instance)).contains("mekiki_index_images{");

        changes.end(live.getId());
        assertThat(indexes.awaitStopped(changes.registry().read(), live, Duration.ofSeconds(20)))
            .isEmpty();
        assertThat(indexes.remove(changes.registry().read(), live))
            .contains(cluster.placementsTopic(), cluster.probesTopic());
        changes.forget(live.getId());
        assertThat(changes.registry().read().members().values())
            .extracting(IndexMember::getGeneration)
            .containsExactly(next.getId());

        await().until(() -> files(live).isEmpty());
        assertThat(files(next)).isNotEmpty();
        assertThat(instance.isReady()).isTrue();
        assertThat(metrics(instance)).doesNotContain("mekiki_index_").contains("jvm_memory_used");
        RoutingSnapshot routing = cluster.routing(instance.address());
        assertThat(routing.getInstancesList()).isEmpty();
        assertThat(routing.getBesideList()).hasSize(1);
        assertThat(cluster.routing(routing.getBeside(0)).getGeneration()).isEqualTo(next.getId());
        long before = cluster.matches().size();
        write(cluster, topics, images, workload.next(300));
        await().until(() -> cluster.matches().size() > before + 10);

        // It follows on: what was retired may be prepared once more.
        changes.prepare(live);
        awaitRunning(indexes, changes, live);
        assertThat(cluster.routing(instance.address()).getBesideList()).hasSize(2);
      }
    }
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions();
  }

  private static void awaitRunning(
      GenerationIndexes indexes, GenerationChanges changes, Generation generation) {
    await().until(() -> indexes.state(changes.registry().read(), generation).notReady() == null);
  }

  private List<Path> files(Generation generation) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> file.toString().contains(Topics.shortId(generation.getId())))
          .toList();
    }
  }

  private static String metrics(IndexService instance) {
    return WebClient.of("http://" + instance.address())
        .get("/metrics")
        .aggregate()
        .join()
        .contentUtf8();
  }

  /// The later era of a pair says which generation passes it on, whenever either meets it.
  @Test
  void eachCopyIsPassedOnOnceWhileGenerationsChange() throws Exception {
    long seed = Seeds.seed(GenerationsIT.class);
    World world = World.random(new Random(seed), 6, 4);
    Generation next =
        GenerationRegistry.identified(World.random(new Random(seed + 1), 9, 3).generation());
    Topics topics = new Topics("copies.");
    try (Cluster cluster = new Cluster(broker.bootstrapServers(), "copies", world);
        KafkaProducer<byte[], byte[]> images = images(cluster)) {
      TopicProvisioner.ensure(
          cluster.clients(), List.of(TopicSpec.images(topics, 1, (short) 1, 1 << 20)));
      GenerationChanges changes = new GenerationChanges(cluster.clients(), topics);
      String live = changes.registry().active().orElseThrow().getId();
      Copies copies = new Copies(cluster, topics, images, world);
      IndexService first = startWithCopies(cluster, "live", live);
      copies.write(2);
      changes.prepare(next);
      IndexService second = startWithCopies(cluster, "next", next.getId());
      try (CandidateLog pairs = new CandidateLog(cluster, topics)) {
        copies.write(1);
        copies.whileWriting(() -> changes.activate(next.getId(), "ann"));
        second.close();
        first.close();
        copies.write(1);
        second = startWithCopies(cluster, "next", next.getId());
        first = startWithCopies(cluster, "live", live);
        copies.whileWriting(() -> changes.activate(live, "ann"));
        copies.write(1);

        int expected = copies.pairs();
        await().until(() -> pairs.read().size() >= expected);
        List<CopyCandidate> all = List.copyOf(pairs.read());
        assertThat(all.stream().map(GenerationsIT::ids).distinct()).hasSize(expected);
        assertThat(all).hasSize(expected);
        List<Cut> cuts = changes.registry().read().cuts();
        assertThat(cuts).hasSize(2);
        assertThat(all)
            .allSatisfy(pair ->
                assertThat(pair.getGeneration())
                    .isEqualTo(isOfNext(pair, cuts) ? next.getId() : live));
        assertThat(all.stream().filter(pair -> isOfNext(pair, cuts)))
            .hasSizeBetween(50, expected - 50);
      } finally {
        first.close();
        second.close();
      }
    }
  }

  private static Set<String> ids(CopyCandidate pair) {
    return Set.of(pair.getSoughtId(), pair.getFoundId());
  }

  /// Whether the later image of a pair lies between the cuts.
  private static boolean isOfNext(CopyCandidate pair, List<Cut> cuts) {
    long later =
        Math.max(
            pair.getSought().getRevision().getOffset(), pair.getFound().getRevision().getOffset());
    return later >= cuts.getFirst().getImagesOffsets(0)
        && later < cuts.getLast().getImagesOffsets(0);
  }

  private IndexService startWithCopies(Cluster cluster, String name, String generation) {
    return cluster.start(
        directory.resolve(name),
        Map.of(
            "mekiki.index.generation",
            generation,
            "mekiki.match.copies",
            "on",
            "mekiki.topics.landmark-partitions",
            "3"));
  }

  /// Images that show the same pictures, one after another, and their landmarks.
  private static final class Copies {
    private static final int PICTURES = 40;

    private final Cluster cluster;
    private final Topics topics;
    private final KafkaProducer<byte[], byte[]> images;
    private final World world;
    private int copies;

    Copies(Cluster cluster, Topics topics, KafkaProducer<byte[], byte[]> images, World world) {
      this.cluster = cluster;
      this.topics = topics;
      this.images = images;
      this.world = world;
    }

    /// Writes further copies of each picture.
    void write(int count) {
      for (int last = copies + count; copies < last; copies++) {
        for (int picture = 0; picture < PICTURES; picture++) {
          write(copies, picture);
        }
        cluster.flush();
      }
    }

    /// Writes one more, slowly, while something is done.
    void whileWriting(Runnable done) throws InterruptedException {
      CompletableFuture<Void> doing =
          CompletableFuture.runAsync(done, CompletableFuture.delayedExecutor(300, MILLISECONDS));
      for (int picture = 0; picture < PICTURES; picture++) {
        write(copies, picture);
        cluster.flush();
        Thread.sleep(30);
      }
      copies++;
      Void _ = doing.join();
    }

    private void write(int copy, int picture) {
      String id = "image %d of %d".formatted(copy, picture);
      var _ = images.send(new ProducerRecord<>(topics.images(), 0, new byte[1], new byte[1]));
      images.flush();
      cluster.write(
          new ProducerRecord<>(
              topics.imageLandmarks(World.NETWORK),
              id.getBytes(StandardCharsets.UTF_8),
              MadeUpLandmarks.showing(
                      world.geometry().centers().center(picture % 6),
                      picture,
                      id,
                      (long) copy * PICTURES + picture)
                  .toByteArray()));
    }

    /// Number of pairs that there are.
    int pairs() {
      return PICTURES * copies * (copies - 1) / 2;
    }
  }

  @Test
  void groupsAreOfOneGenerationAtATime() {
    World world = World.random(new Random(1), 6, 4);
    try (Cluster cluster = new Cluster(broker.bootstrapServers(), "grouped", world)) {
      GenerationChanges changes = new GenerationChanges(cluster.clients(), new Topics("grouped."));
      Generation next =
          GenerationRegistry.identified(World.random(new Random(2), 6, 4).generation());
      changes.prepare(next);
      assertThatThrownBy(() ->
              cluster.start(
                  directory,
                  Map.of("mekiki.index.generation", next.getId(), "mekiki.groups", "on")))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("mekiki.groups is on");
      assertThatThrownBy(() -> cluster.start(directory, "mekiki.index.generation", "abcd0123"))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("names 0 generations");
    }
  }

  private IndexService startNext(Cluster cluster, Generation next) {
    return start(cluster, "next", next.getId().substring(0, 16));
  }

  private IndexService start(Cluster cluster, String name, String generation) {
    return cluster.start(directory.resolve(name), "mekiki.index.generation", generation);
  }

  private static KafkaProducer<byte[], byte[]> images(Cluster cluster) {
    return new KafkaProducer<>(
        cluster.clients().producer(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /// Writes in small portions while something is done, somewhere in between.
  private static void whileWriting(
      Cluster cluster,
      Topics topics,
      KafkaProducer<byte[], byte[]> images,
      List<Step> steps,
      Runnable done)
      throws InterruptedException {
    CompletableFuture<Void> doing =
        CompletableFuture.runAsync(done, CompletableFuture.delayedExecutor(300, MILLISECONDS));
    for (int from = 0; from < steps.size(); from += 30) {
      write(cluster, topics, images, steps.subList(from, Math.min(from + 30, steps.size())));
      Thread.sleep(50);
    }
    Void _ = doing.join();
  }

  /// As an encoder does, codes come after their images.
  private static void write(
      Cluster cluster, Topics topics, KafkaProducer<byte[], byte[]> images, List<Step> steps) {
    for (Step step : steps) {
      var _ =
          images.send(new ProducerRecord<>(topics.images(), step.lane(), new byte[1], new byte[1]));
    }
    images.flush();
    cluster.write(steps);
  }
}
