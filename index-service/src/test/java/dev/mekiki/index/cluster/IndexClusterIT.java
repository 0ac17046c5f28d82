package dev.mekiki.index.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.Timestamps;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpStatus;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.index.IndexService;
import dev.mekiki.index.World;
import dev.mekiki.index.cluster.Workload.Version;
import dev.mekiki.index.partition.MatchProcessor;
import dev.mekiki.index.placement.PlacementProcessor;
import dev.mekiki.runtime.StartException;
import dev.mekiki.schemas.v1.GetPartitionSizesRequest;
import dev.mekiki.schemas.v1.GetPlacedImageRequest;
import dev.mekiki.schemas.v1.GetPlacedImageResponse;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.IndexInstance;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.PartitionSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Index instances in this process on an embedded broker.
class IndexClusterIT {
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
  void twoInstancesReportEachPairOnceAndAnswerAsBruteForceDoes() {
    long seed = Seeds.seed(IndexClusterIT.class);
    World world = World.random(new Random(seed), 6, PARTITIONS).splitting();
    Workload workload = new Workload(world, seed, 400, 60, 3);
    try (Cluster cluster = new Cluster(broker.bootstrapServers(), "pairs", world)) {
      IndexService first = cluster.start(directory.resolve("first"));
      IndexService second = null;
      try {
        cluster.write(workload.next(700));
        // The second joins while the first still works through what was written.
        second = cluster.start(directory.resolve("second"));
        cluster.write(workload.next(700));
        cluster.awaitHosts(first.address(), second.address());
        cluster.write(workload.next(700));

        cluster.checkMatches(workload);
        cluster.checkSearches(workload, 50);
        checkSizes(cluster, workload);
        checkImages(cluster, workload);
        checkStandbys(cluster, workload);

        // Closing hands the partitions over, in the middle of writes.
        cluster.write(workload.next(300));
        first.close();
        cluster.awaitHosts(second.address());
        cluster.write(workload.next(300));
        cluster.checkMatches(workload);
        cluster.checkSearches(workload, 50);
        checkImages(cluster, workload);
      } finally {
        first.close();
        if (second != null) {
          second.close();
        }
      }
    }
  }

  private static void checkSizes(Cluster cluster, Workload workload) {
    int[] homes = new int[PARTITIONS];
    workload
        .current()
        .forEach((id, version) ->
            homes[workload.world().geometry().home(version.code(), id).partition()]++);
    for (IndexInstance instance : cluster.instances()) {
      List<PartitionSize> sizes =
          cluster
              .client(instance.getAddress())
              .getPartitionSizes(
                  GetPartitionSizesRequest.newBuilder()
                      .addAllPartitions(instance.getActivePartitionsList())
                      .build())
              .getSizesList();
      assertThat(sizes)
          .extracting(PartitionSize::getPartition)
          .isEqualTo(instance.getActivePartitionsList());
      assertThat(sizes)
          .allSatisfy(size -> {
            assertThat(size.getHomeImages()).isEqualTo(homes[size.getPartition()]);
            assertThat(size.getProbes()).isEqualTo((PARTITIONS - 1) * size.getArrivals());
          });
    }
  }

  /// Images are known to exactly one instance as active, with the revision it should have.
  private static void checkImages(Cluster cluster, Workload workload) {
    List<IndexInstance> instances = cluster.instances();
    for (Version version : workload.current().values().stream().limit(40).toList()) {
      List<GetPlacedImageResponse> active = new ArrayList<>();
      for (IndexInstance instance : instances) {
        try {
          GetPlacedImageResponse response =
              cluster
                  .client(instance.getAddress())
                  .getImage(GetPlacedImageRequest.newBuilder().setImageId(version.id()).build());
          if (!response.getStandby()) {
            active.add(response);
          }
        } catch (io.grpc.StatusRuntimeException e) {
          assertThat(e.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.FAILED_PRECONDITION);
        }
      }
      assertThat(active).hasSize(1);
      assertThat(active.getFirst().getImage().getRevision()).isEqualTo(version.revision());
    }
  }

  /// Standbys answer the same once they have caught up, and say that they are standbys.
  private static void checkStandbys(Cluster cluster, Workload workload) {
    HashCode code = workload.query();
    HashCode fingerprint = HashCode.of(256, 1, 2, 3, 4);
    for (IndexInstance instance : cluster.instances()) {
      assertThat(instance.getStandbyPartitionsList()).isNotEmpty();
      for (int partition : instance.getStandbyPartitionsList()) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .untilAsserted(() -> {
              var request = cluster.request(code, fingerprint, List.of(partition), 20);
              var answer = cluster.client(instance.getAddress()).partitionSearch(request);
              assertThat(answer.getStandbyList())
                  .singleElement()
                  .satisfies(standby -> {
                    assertThat(standby.getPartition()).isEqualTo(partition);
                    assertThat(standby.getLag()).isNotNegative();
                  });
              var active =
                  cluster.instances().stream()
                      .filter(other -> other.getActivePartitionsList().contains(partition))
                      .findFirst()
                      .orElseThrow();
              assertThat(answer.getHitsList())
                  .isEqualTo(
                      cluster.client(active.getAddress()).partitionSearch(request).getHitsList());
            });
      }
    }
  }

  @Test
  @EnabledIfSystemProperty(
      named = "mekiki.tests.long",
      matches = "true",
      disabledReason = "takes some time; run with -Dmekiki.tests.long=true")
  void idleClusterTellsAMatchSoon() {
    World world = World.random(new Random(3), 8, 8);
    try (Cluster cluster = new Cluster(broker.bootstrapServers(), "latency", world);
        IndexService service = cluster.start(directory.resolve("state"))) {
      int warmup = 10;
      int measured = 40;
      for (int i = 0; i < warmup + measured; i++) {
        cluster.write("a" + i, image(world, i, "a" + i, i).build());
      }
      for (int i = 0; i < warmup + measured; i++) {
        awaitImage(service, cluster, "a" + i);
      }
      List<Long> total = new ArrayList<>();
      List<Long> placement = new ArrayList<>();
      List<Long> index = new ArrayList<>();
      for (int i = 0; i < warmup + measured; i++) {
        int before = cluster.matches().size();
        assertThat(before).isEqualTo(i);
        long now = System.currentTimeMillis();
        long start = System.nanoTime();
        cluster.write(
            "b" + i,
            image(world, i, "b" + i, warmup + measured + i)
                .setImageTime(Timestamps.fromMillis(now))
                .setEncodedTime(Timestamps.fromMillis(now))
                .build());
        List<Match> matches = cluster.matches();
        while (matches.size() == before) {
          assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
          matches = cluster.matches();
        }
        if (i >= warmup) {
          Match match = matches.get(before);
          long placed = Timestamps.toMillis(match.getLater().getPlacedTime());
          total.add((System.nanoTime() - start) / 1_000_000);
          placement.add(placed - now);
          index.add(Timestamps.toMillis(match.getMatchTime()) - placed);
        }
      }
      System.out.printf(
          "image-codes to matches, read committed, idle, %d images: p50 %d ms, p99 %d ms, max %d"
              + " ms; until placed p50 %d ms; from placed until matched p50 %d ms%n",
          measured,
          percentile(total, 50),
          percentile(total, 99),
          percentile(total, 100),
          percentile(placement, 50),
          percentile(index, 50));
      assertThat(percentile(total, 50)).isLessThan(400);
      checkHttp(service);
    }
  }

  private static void checkHttp(IndexService service) {
    WebClient http = WebClient.of("http://" + service.address());
    assertThat(http.blocking().get("/readyz").status()).isEqualTo(HttpStatus.OK);
    assertThat(http.blocking().get("/metrics").contentUtf8())
        .contains("mekiki_index_matches_total{kind=\"DUPLICATE\",service=\"index\"}")
        .contains(
            "mekiki_index_latency_seconds_bucket{service=\"index\",stage=\"total\",le=\"0.4\"}")
        .containsPattern("mekiki_index_rocksdb_bytes\\{kind=\"cache\",service=\"index\"} [1-9]")
        .containsPattern(
            "mekiki_index_rocksdb_bytes\\{kind=\"write-buffers\",service=\"index\"} [1-9]")
        .containsPattern("mekiki_index_probes_sent_total\\{service=\"index\"} [1-9]")
        .containsPattern("mekiki_index_probes_processed_total\\{service=\"index\"} [1-9]")
        .containsPattern("mekiki_index_lag\\{service=\"index\",topic=\"code-placements\"} 0");
  }

  /// The image of a number: its own code and fingerprint, the same for the same number.
  private static ImageCode.Builder image(World world, int number, String content, long offset) {
    return World.image(
        world.nearCenter(new Random(number), 0.02),
        World.fingerprint(new Random(number)),
        content,
        offset);
  }

  private static void awaitImage(IndexService service, Cluster cluster, String id) {
    var client = cluster.client(service.address());
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .until(() ->
            client.getImage(GetPlacedImageRequest.newBuilder().setImageId(id).build()).hasImage());
  }

  private static long percentile(List<Long> values, int percent) {
    List<Long> sorted = values.stream().sorted().toList();
    return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
  }

  @Test
  void restartedInstanceAnswersTheSameAndReportsNothingAgain() throws Exception {
    long seed = Seeds.seed(IndexClusterIT.class);
    World world = World.random(new Random(seed), 6, PARTITIONS).splitting();
    Workload workload = new Workload(world, seed, 150, 30, 2);
    Path state = directory.resolve("state");
    try (Cluster cluster = new Cluster(broker.bootstrapServers(), "restart", world)) {
      try (IndexService service = cluster.start(state)) {
        cluster.awaitHosts(service.address());
        cluster.write(workload.next(500));
        cluster.checkMatches(workload);
      }
      int emitted = cluster.matches().size();
      try (IndexService service = cluster.start(state)) {
        cluster.awaitHosts(service.address());
        cluster.checkSearches(workload, 20);
        assertThat(cluster.matches()).hasSize(emitted);
      }
      DamagedFiles.overwriteOneValue(state);
      try (IndexService service = cluster.start(state)) {
        cluster.awaitHosts(service.address());
        cluster.checkSearches(workload, 20);
        cluster.write(workload.next(100));
        cluster.checkMatches(workload);
      }
      DamagedFiles.truncateTables(state);
      try (IndexService service = cluster.start(state)) {
        cluster.awaitHosts(service.address());
        cluster.checkSearches(workload, 20);
        cluster.write(workload.next(100));
        cluster.checkMatches(workload);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {MatchProcessor.PROGRESS_STORE, PlacementProcessor.STORE})
  @EnabledIfSystemProperty(
      named = "mekiki.tests.long",
      matches = "true",
      disabledReason = "takes some time; run with -Dmekiki.tests.long=true")
  void damagedStoresWithoutSearchStructureAreMadeAnew(String store) throws Exception {
    long seed = Seeds.seed(IndexClusterIT.class);
    World world = World.random(new Random(seed), 6, PARTITIONS).splitting();
    Workload workload = new Workload(world, seed, 200, 40, 3);
    Path state = directory.resolve("state");
    try (Cluster cluster = new Cluster(broker.bootstrapServers(), "damaged-" + store, world)) {
      try (IndexService service = cluster.start(state)) {
        cluster.awaitHosts(service.address());
        cluster.write(workload.next(300));
        cluster.checkMatches(workload);
      }
      DamagedFiles.truncateTables(state, store);
      try (IndexService service = cluster.start(state)) {
        cluster.awaitHosts(service.address());
        cluster.write(workload.next(100));
        cluster.checkMatches(workload);
        cluster.checkSearches(workload, 20);
      }
    }
  }

  @Test
  void wrongRequestsAreRefusedWithInputLimitAndRemedy() {
    World world = World.random(new Random(5), 4, PARTITIONS);
    try (Cluster cluster = new Cluster(broker.bootstrapServers(), "refused", world);
        IndexService service = cluster.start(directory.resolve("state"))) {
      var client = cluster.client(service.address());
      var good =
          cluster
              .request(
                  HashCode.of(World.BITS, 0),
                  HashCode.of(256, 0, 0, 0, 0),
                  IntStream.range(0, PARTITIONS).boxed().toList(),
                  1)
              .toBuilder();
      assertThatThrownBy(() -> client.partitionSearch(good.clone().setK(0).build()))
          .hasMessage(
              "INVALID_ARGUMENT: k: 0 (expected: 1..100000, the most hits that an index"
                  + " instance returns)");
      assertThatThrownBy(() -> client.partitionSearch(good.clone().setRadius(-1).build()))
          .hasMessage("INVALID_ARGUMENT: radius: -1 (expected: 0..64)");
      assertThatThrownBy(() ->
              client.partitionSearch(
                  good.clone()
                      .setHashCode(com.google.protobuf.ByteString.copyFrom(new byte[4]))
                      .build()))
          .hasMessage(
              "INVALID_ARGUMENT: hash_code: 4 bytes (expected: 8, as the generation's codes have 64"
                  + " bits)");
      assertThatThrownBy(
              () -> client.partitionSearch(good.clone().putFilter("colour", "blue").build()))
          .hasMessage(
              "INVALID_ARGUMENT: filter: key 'colour' (expected: no filter, as no key is configured"
                  + " as filterable; add the key to mekiki.index.filterable-metadata of every index"
                  + " instance, then send again the images that searches should find by it)");
      assertThatThrownBy(() -> client.partitionSearch(good.clone().addPartitions(4).build()))
          .hasMessage("INVALID_ARGUMENT: partition: 4 (expected: 0..3)");
      assertThatThrownBy(() -> client.partitionSearch(good.clone().setGeneration("other").build()))
          .hasMessage(
              "FAILED_PRECONDITION: generation: 'other' (expected: '%s', which this instance"
                      .formatted(cluster.generation())
                  + " serves)");
      assertThatThrownBy(() ->
              client.getImage(GetPlacedImageRequest.newBuilder().setImageId("nobody").build()))
          .hasMessage("NOT_FOUND: image_id: 'nobody' (expected: the id of an indexed image)");

      assertThatThrownBy(() ->
              cluster.start(
                  directory.resolve("other"), "mekiki.index.advertised-address", "nowhere"))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("nowhere");
      // A second instance in the same directory.
      assertThatThrownBy(() -> cluster.start(directory.resolve("state")))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("is in use by another process");
    }
  }
}
