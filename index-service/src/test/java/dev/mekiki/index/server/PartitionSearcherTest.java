package dev.mekiki.index.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.bucket.Hit;
import dev.mekiki.hashing.bucket.MetadataFilter;
import dev.mekiki.hashing.bucket.PartitionQuery;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.index.World;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.partition.HostedPartitions;
import dev.mekiki.index.partition.OpenStore;
import dev.mekiki.index.partition.PartitionMetrics;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.server.PartitionSearcher.Marks;
import dev.mekiki.schemas.v1.PartitionSearchResponse;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.SearchHit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionSearcherTest {
  private static final int PARTITIONS = 6;
  private static final int IMAGES = 1_500;

  private final Random random = new Random(Seeds.seed(PartitionSearcherTest.class));
  private final World world = World.random(random, 12, PARTITIONS);
  private final HostedPartitions hosted =
      new HostedPartitions(
          world.geometry(),
          FilterableKeys.of(List.of("lane")),
          new LeftOutRecords(new SimpleMeterRegistry()));
  private boolean trusted = true;
  private final PartitionSearcher searcher =
      new PartitionSearcher(
          world.geometry(),
          hosted,
          new PartitionMetrics(new SimpleMeterRegistry(), hosted),
          () -> trusted);
  private final Map<String, Placement> images = new HashMap<>();
  private final List<OpenStore> stores = new ArrayList<>();
  @TempDir private Path directory;

  @BeforeEach
  void open() {
    for (int i = 0; i < IMAGES; i++) {
      // Few codes and fingerprints, so that there are ties of either.
      HashCode code = world.nearCenter(new Random(random.nextInt(200)), 0.15);
      HashCode fingerprint = World.fingerprint(new Random(random.nextInt(3)));
      images.put(
          "image " + i,
          world
              .placement(code, fingerprint, "content " + i, i)
              .putFilterableMetadata("lane", Integer.toString(i % 3))
              .build());
    }
    for (int partition = 0; partition < PARTITIONS; partition++) {
      OpenStore store =
          OpenStore.of(hosted, partition, directory.resolve(Integer.toString(partition)));
      store.restore(images);
      store.activate();
      stores.add(store);
    }
  }

  @AfterEach
  void close() {
    stores.forEach(OpenStore::close);
  }

  @Test
  void severalPartitionsAnswerAsBruteForceDoesTiesIncluded() {
    long asked = 0;
    long searched = 0;
    for (int i = 0; i < 300; i++) {
      List<Integer> partitions =
          IntStream.range(0, PARTITIONS).filter(_ -> random.nextInt(4) > 0).boxed().toList();
      PartitionQuery query = query();
      PartitionSearchResponse response = searcher.search(partitions, query, Marks.NONE);
      assertThat(response.getComplete()).isTrue();
      assertThat(response.getNotHostedList()).isEmpty();
      assertThat(response.getHitsList().stream().map(PartitionSearcherTest::hit).toList())
          .isEqualTo(bruteForce(partitions, query));
      asked += partitions.size();
      searched += response.getStatistics().getPartitions();
    }
    // Some cannot hold a hit once the nearest have answered.
    assertThat(searched).isLessThan(asked);
  }

  @Test
  void partitionThatIsNotHereOrCannotTellHowUpToDateItIsIsNotHosted() {
    stores.get(1).close();
    stores.add(OpenStore.of(hosted, 1, directory.resolve("1")));
    stores.get(2).close();

    PartitionQuery all =
        new PartitionQuery(
            HashCode.of(World.BITS, 0), null, World.BITS, 10, MetadataFilter.ALL, () -> false);
    assertThat(searcher.search(List.of(0, 1, 2, 3, 4, 5), all, Marks.NONE).getNotHostedList())
        .containsExactlyInAnyOrder(1, 2);
  }

  /// One that was frozen, and whose partitions others may have taken over.
  @Test
  void anActivePartitionThatIsNotTrustedIsNotHosted() {
    trusted = false;
    PartitionQuery all =
        new PartitionQuery(
            HashCode.of(World.BITS, 0), null, World.BITS, 10, MetadataFilter.ALL, () -> false);
    assertThat(searcher.search(List.of(0, 1), all, Marks.NONE).getNotHostedList())
        .containsExactlyInAnyOrder(0, 1);
    trusted = true;
    assertThat(searcher.search(List.of(0, 1), all, Marks.NONE).getNotHostedList()).isEmpty();
  }

  private PartitionQuery query() {
    boolean byFingerprint = random.nextBoolean();
    return new PartitionQuery(
        world.nearCenter(random, 0.1),
        byFingerprint ? new Fingerprint(World.fingerprint(random), 90) : null,
        random.nextInt(3) > 0 ? World.BITS : random.nextInt(30),
        1 + random.nextInt(40),
        new MetadataFilter(random.nextInt(3) == 0 ? Map.of("lane", "1") : Map.of()),
        () -> false);
  }

  private List<Hit> bruteForce(List<Integer> partitions, PartitionQuery query) {
    List<Hit> hits = new ArrayList<>();
    images.forEach((id, placement) -> {
      int distance = code(placement).distance(query.code());
      Fingerprint fingerprint = query.fingerprint();
      if (partitions.contains(placement.getHomePartition())
          && distance <= query.radius()
          && query.filter().accepts(placement.getFilterableMetadataMap())) {
        hits.add(
            new Hit(
                id,
                distance,
                fingerprint == null
                    ? Hit.NO_FINGERPRINT
                    : HashCode.fromBytes(placement.getFingerprint().toByteArray())
                        .distance(fingerprint.code())));
      }
    });
    hits.sort(Hit.ORDER);
    return hits.subList(0, Math.min(query.k(), hits.size()));
  }

  private static HashCode code(Placement placement) {
    return HashCode.fromBytes(placement.getHashCode().toByteArray());
  }

  private static Hit hit(SearchHit hit) {
    return new Hit(
        hit.getImageId(),
        hit.getCodeDistance(),
        hit.hasFingerprintDistance() ? hit.getFingerprintDistance() : Hit.NO_FINGERPRINT);
  }
}
