package dev.mekiki.query.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.schemas.search.SearchLimits;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The fan-out against brute force in random worlds. Replay one with `-Dmekiki.seed=N`.
class FanOutTest {
  private static final int WORLDS = 1_500;

  @Test
  void searchAnswersAsBruteForceDoes() {
    inWorlds(world -> {
      Query query = randomQuery(world);
      SearchOutcome outcome = search(world, query, null);
      assertThat(outcome.complete()).isTrue();
      assertThat(outcome.hits()).isEqualTo(bruteForce(world, query, image -> true));
    });
  }

  @Test
  void imageIsNotAmongItsOwnHits() {
    inWorlds(world -> {
      if (world.homed.isEmpty()) {
        return;
      }
      String id = world.homed.get(world.random.nextInt(world.homed.size())).id();
      Query query = randomQuery(world);
      assertThat(search(world, query, id).hits())
          .isEqualTo(bruteForce(world, query, image -> !image.id().equals(id)));
    });
  }

  @Test
  void searchTakesAtMostTwoWavesWhileNothingMoves() {
    inWorlds(world -> {
      Query query = randomQuery(world);
      Waves waves = randomWaves(world);
      new FanOut(world.routing, world).search(query, waves, null);
      assertThat(world.asked).hasSizeLessThanOrEqualTo(waves == Waves.ALL_AT_ONCE ? 1 : 2);
    });
  }

  @Test
  void secondWaveAsksOnlyWhatTheKthDistanceLeavesPossible() {
    inWorlds(world -> {
      Query query = randomQuery(world);
      SearchOutcome outcome = search(world, query, null);
      int[] bounds = world.routing.partitionBounds(query.code());
      Set<Integer> asked = new TreeSet<>();
      world.asked.forEach(asked::addAll);
      int least = Arrays.stream(bounds).min().orElseThrow();
      int reach =
          world.asked.isEmpty()
              ? -1
              : world.asked.getLast().stream()
                  .mapToInt(partition -> bounds[partition])
                  .max()
                  .orElseThrow();
      assertThat(reach).isLessThanOrEqualTo(Math.max(query.radius(), least));
      // Whatever was left out lies beyond the k-th distance, or the radius.
      int limit =
          outcome.hits().size() == query.k()
              ? outcome.hits().getLast().getCodeDistance()
              : query.radius();
      for (int partition = 0; partition < bounds.length; partition++) {
        if (!asked.contains(partition)) {
          assertThat(bounds[partition]).isGreaterThan(limit);
        }
      }
    });
  }

  @Test
  void partialAnswerNamesExactlyThePartitionsThatCouldHoldAHit() {
    inWorlds(world -> {
      world.gone.add(world.random.nextInt(3));
      Query query = randomQuery(world);
      SearchOutcome outcome = search(world, query, null);
      assertThat(outcome.hits())
          .isEqualTo(bruteForce(world, query, image -> !world.isGone(image.partition())));
      int reach =
          outcome.hits().size() == query.k()
              ? outcome.hits().getLast().getCodeDistance()
              : query.radius();
      int[] bounds = world.routing.partitionBounds(query.code());
      Set<Integer> expected = new TreeSet<>();
      for (int partition = 0; partition < bounds.length; partition++) {
        if (world.isGone(partition) && bounds[partition] <= reach) {
          expected.add(partition);
        }
      }
      assertThat(outcome.missing()).isEqualTo(expected);
      assertThat(outcome.complete()).isEqualTo(expected.isEmpty());
    });
  }

  @Test
  void eachImageIsSeenOnceByItsNewestRevisionSeenWhileImagesMove() {
    inWorlds(world -> {
      world.moveSome();
      Query query = randomQuery(world);
      SearchOutcome outcome = search(world, query, null);

      Set<String> ids =
          outcome.hits().stream().map(SearchHit::getImageId).collect(Collectors.toSet());
      assertThat(ids).hasSize(outcome.hits().size());

      // Apart from older revisions left out because their newer one was seen, the answer is the
      // brute-force one: nothing else is missing, and k hits come where there are k.
      Map<String, Long> newest = new HashMap<>();
      world.homed.forEach(image -> newest.merge(image.id(), image.offset(), Math::max));
      Set<World.Homed> leftOut = new HashSet<>();
      for (World.Homed image : world.homed) {
        boolean older = image.offset() < newest.getOrDefault(image.id(), 0L);
        boolean answered =
            outcome.hits().stream()
                .anyMatch(hit ->
                    hit.getImageId().equals(image.id())
                        && hit.getRevision().getOffset() == image.offset());
        if (older && !answered) {
          leftOut.add(image);
        }
      }
      assertThat(outcome.hits())
          .isEqualTo(bruteForce(world, query, image -> !leftOut.contains(image)));
    });
  }

  @Test
  void noPartitionIsAskedForMoreThanInstancesReturn() {
    World world = new World(new SplittableRandom(1));
    List<Integer> asked = new ArrayList<>();
    // Every hit is the excluded image, so that no answer is ever enough.
    Partitions partitions =
        (wave, query) -> {
          asked.add(query.k());
          List<SearchHit> hits =
              Collections.nCopies(query.k(), SearchHit.newBuilder().setImageId("excluded").build());
          return new Partitions.Answers(
              List.of(
                  new InstanceAnswer(
                      wave, query, hits, true, SearchStatistics.getDefaultInstance(), List.of())),
              Set.of());
        };
    Query query =
        new Query(
            world.randomQuery(),
            ByteString.EMPTY,
            world.centers.bits(),
            SearchLimits.MAX_HITS,
            Map.of(),
            null,
            null,
            false);
    SearchOutcome outcome =
        new FanOut(world.routing, partitions).search(query, Waves.ALL_AT_ONCE, "excluded");
    assertThat(asked).allMatch(k -> k <= SearchLimits.MAX_PARTITION_K);
    assertThat(outcome.complete()).isFalse();
  }

  private static SearchOutcome search(World world, Query query, @Nullable String excludedId) {
    return new FanOut(world.routing, world).search(query, randomWaves(world), excludedId);
  }

  private static Waves randomWaves(World world) {
    return world.random.nextBoolean() ? Waves.CLOSEST_FIRST : Waves.ALL_AT_ONCE;
  }

  private static Query randomQuery(World world) {
    HashCode code = world.randomQuery();
    ByteString fingerprint =
        world.random.nextBoolean()
            ? ByteString.EMPTY
            : ByteString.copyFrom(world.randomFingerprint().code().toBytes());
    int radius = world.random.nextBoolean() ? code.bits() : world.random.nextInt(code.bits() + 1);
    return new Query(
        code, fingerprint, radius, world.random.nextInt(1, 20), Map.of(), null, null, false);
  }

  private static List<SearchHit> bruteForce(
      World world, Query query, Predicate<World.Homed> visible) {
    @Nullable Fingerprint fingerprint = World.fingerprint(query.fingerprint());
    return world.homed.stream()
        .filter(visible)
        .map(image -> image.hit(query.code(), fingerprint))
        .filter(hit -> hit.getCodeDistance() <= query.radius())
        .sorted((a, b) -> {
          int order = Integer.compare(a.getCodeDistance(), b.getCodeDistance());
          if (order == 0) {
            order = Integer.compare(a.getFingerprintDistance(), b.getFingerprintDistance());
          }
          return order != 0
              ? order
              : Arrays.compareUnsigned(
                  a.getImageIdBytes().toByteArray(), b.getImageIdBytes().toByteArray());
        })
        .limit(query.k())
        .toList();
  }

  private static void inWorlds(Consumer<World> property) {
    Long replayed = Long.getLong("mekiki.seed");
    long first = replayed == null ? 1 : replayed;
    long worlds = replayed == null ? WORLDS : 1;
    for (long seed = first; seed < first + worlds; seed++) {
      try {
        property.accept(new World(new SplittableRandom(seed)));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed %d (replay: -Dmekiki.seed=%d)".formatted(seed, seed), e);
      }
    }
  }
}
