package dev.mekiki.index.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.index.World;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.partition.HostedPartitions;
import dev.mekiki.index.partition.OpenStore;
import dev.mekiki.index.partition.PartitionMetrics;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.schemas.v1.ListPartitionImagesRequest;
import dev.mekiki.schemas.v1.ListPartitionImagesRequestOrBuilder;
import dev.mekiki.schemas.v1.ListPartitionImagesResponse;
import dev.mekiki.schemas.v1.Placement;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageListerTest {
  private static final int PARTITION = 1;
  private static final int IMAGES = 900;
  private static final int CENTERS = 12;

  private final Random random = new Random(Seeds.seed(ImageListerTest.class));
  private final World world = World.random(random, CENTERS, 3);
  private final FilterableKeys filterable = FilterableKeys.of(List.of("lane"));
  private final HostedPartitions hosted =
      new HostedPartitions(
          world.geometry(), filterable, new LeftOutRecords(new SimpleMeterRegistry()));
  private final ImageLister lister =
      new ImageLister(
          world.geometry(),
          filterable,
          new PartitionSearcher(
              world.geometry(),
              hosted,
              new PartitionMetrics(new SimpleMeterRegistry(), hosted),
              () -> true));
  private final Map<String, Placement> images = new HashMap<>();
  @TempDir private Path directory;
  private OpenStore store;

  @BeforeEach
  void open() {
    store = OpenStore.of(hosted, PARTITION, directory);
    add(IMAGES);
    store.activate();
  }

  @AfterEach
  void close() {
    store.close();
  }

  /// Adds images of the partition under ids that lie anywhere among the others.
  private void add(int count) {
    Map<String, Placement> added = new HashMap<>();
    while (added.size() < count) {
      int number = images.size() + added.size();
      Placement placement =
          world
              .placement(
                  world.nearCenter(random, 0.15), World.fingerprint(random), "c" + number, number)
              .setTenant(List.of("", "shop", "other").get(random.nextInt(3)))
              .putFilterableMetadata("lane", Integer.toString(number % 3))
              .build();
      if (placement.getHomePartition() == PARTITION) {
        // Also such as UTF-16 would order otherwise than bytes do.
        String id = List.of("a/", "é", "\uFF5E", "\uD83D\uDE00").get(random.nextInt(4));
        added.put(id + random.nextInt(1_000_000), placement);
      }
    }
    store.restore(added);
    images.putAll(added);
  }

  @Test
  void pagesOfAnySizeAreWhatBruteForceLists() {
    int filtered = 0;
    for (int i = 0; i < 60; i++) {
      ListPartitionImagesRequest.Builder request = question();
      List<String> expected = bruteForce(request);
      filtered += expected.size() < images.size() ? 1 : 0;
      assertThat(pages(request, 1 + random.nextInt(80), 1 + random.nextInt(200), _ -> {}))
          .isEqualTo(expected);
    }
    assertThat(filtered).isGreaterThan(20);
  }

  @Test
  void whatComesMeanwhileNeitherHidesNorRepeatsAnything() {
    List<String> before = bruteForce(question(Set.of(), Map.of(), null, 0));
    List<String> found =
        pages(
            question(Set.of(), Map.of(), null, 0),
            50,
            60,
            page -> {
              if (page % 3 == 0) {
                add(5);
              }
            });

    assertThat(found).doesNotHaveDuplicates().containsAll(before);
    assertThat(found).isSortedAccordingTo(BY_BYTES);
    assertThat(found).hasSizeGreaterThan(before.size());
  }

  @Test
  void aCallLooksAtNoMoreImagesThanAskedFor() {
    ListPartitionImagesRequest nothing =
        question(Set.of(), Map.of("lane", "none"), null, 0).setLimit(10).setLookAt(70).build();
    ListPartitionImagesResponse page = lister.list(nothing, () -> false);

    assertThat(page.getImagesList()).isEmpty();
    assertThat(page.getLookedAt()).isEqualTo(70);
    assertThat(page.getLast().isEmpty()).isFalse();
    // It stops where nobody waits any more, and still comes on.
    assertThat(lister.list(nothing, () -> true).getLookedAt()).isEqualTo(1);
  }

  @Test
  void whatCannotBeListedIsRefusedByName() {
    assertRefused(question(Set.of(), Map.of(), null, 0).setLimit(0), "limit");
    assertRefused(question(Set.of(), Map.of(), null, 0).setLookAt(20_001), "look_at");
    assertRefused(question(Set.of(), Map.of(), null, 0).setPartition(3), "partition");
    assertRefused(question(Set.of(), Map.of("colour", "red"), null, 0), "filter: key 'colour'");
    assertThatThrownBy(() ->
            lister.list(
                question(Set.of(), Map.of(), null, 0)
                    .setPartition(0)
                    .setLimit(1)
                    .setLookAt(1)
                    .build(),
                () -> false))
        .satisfies(e ->
            assertThat(Status.fromThrowable(e).getCode())
                .isEqualTo(Status.Code.FAILED_PRECONDITION));
  }

  private void assertRefused(ListPartitionImagesRequest.Builder request, String named) {
    ListPartitionImagesRequest.Builder whole = request.clone();
    if (!named.equals("limit")) {
      whole.setLimit(1);
    }
    if (!named.equals("look_at")) {
      whole.setLookAt(1);
    }
    assertThatThrownBy(() -> lister.list(whole.build(), () -> false))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("INVALID_ARGUMENT: " + named);
  }

  private static final Comparator<String> BY_BYTES =
      Comparator.comparing(
          ByteString::copyFromUtf8, ByteString.unsignedLexicographicalComparator());

  private List<String> pages(
      ListPartitionImagesRequest.Builder request,
      int limit,
      int lookAt,
      Consumer<Integer> between) {
    List<String> found = new ArrayList<>();
    ByteString after = ByteString.EMPTY;
    int number = 0;
    do {
      ListPartitionImagesResponse page =
          lister.list(
              request.setAfter(after).setLimit(limit).setLookAt(lookAt).build(), () -> false);
      assertThat(page.getImagesCount()).isLessThanOrEqualTo(limit);
      assertThat(page.getLookedAt()).isLessThanOrEqualTo(lookAt);
      assertThat(page.hasStandby()).isFalse();
      page.getImagesList().forEach(image -> found.add(image.getImageId()));
      after = page.getLast();
      between.accept(number++);
    } while (!after.isEmpty());
    return found;
  }

  private ListPartitionImagesRequest.Builder question() {
    Set<Integer> centers =
        random.nextBoolean()
            ? Set.of()
            : Set.copyOf(List.of(random.nextInt(CENTERS), random.nextInt(CENTERS)));
    return question(
        centers,
        random.nextInt(3) == 0 ? Map.of("lane", "1") : Map.of(),
        List.of("", "shop", "all").get(random.nextInt(3)),
        random.nextInt(3) == 0 ? 1_000_000 + random.nextInt(2 * IMAGES) : 0);
  }

  private ListPartitionImagesRequest.Builder question(
      Set<Integer> centers, Map<String, String> filter, @Nullable String tenant, long since) {
    ListPartitionImagesRequest.Builder request =
        ListPartitionImagesRequest.newBuilder()
            .setGeneration(world.geometry().id())
            .setPartition(PARTITION)
            .addAllCenters(centers)
            .putAllFilter(filter);
    if (since > 0) {
      request.setSince(Timestamps.fromMillis(since));
    }
    if (tenant != null && !tenant.equals("all")) {
      request.setTenant(tenant);
    }
    return request;
  }

  private List<String> bruteForce(ListPartitionImagesRequestOrBuilder request) {
    return images.entrySet().stream()
        .filter(image -> {
          Placement placement = image.getValue();
          return (request.getCentersCount() == 0
                  || request.getCentersList().contains(placement.getCenter()))
              && (!request.hasSince()
                  || Timestamps.toMillis(placement.getImageTime())
                      >= Timestamps.toMillis(request.getSince()))
              && (!request.hasTenant() || request.getTenant().equals(placement.getTenant()))
              && placement
                  .getFilterableMetadataMap()
                  .entrySet()
                  .containsAll(request.getFilterMap().entrySet());
        })
        .map(Map.Entry::getKey)
        .sorted(BY_BYTES)
        .toList();
  }
}
