package dev.mekiki.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.evaluation.Evaluation.AtRadius;
import dev.mekiki.training.evaluation.Evaluation.MapAt;
import dev.mekiki.training.evaluation.RetrievalMeasurement.Found;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RetrievalMeasurementTest {
  private static final long SEED = Long.getLong("mekiki.seed", 20261125);
  private static final EvaluationListener QUIET = (stage, done, total) -> {};

  @Test
  void precisionIsDividedByTheRelevantImagesFoundWithinK() {
    // Distances 1, 2, 2, 3; the tie stands in the order of the database: ranks 1 and 3 are
    // relevant.
    RankedDatabase.Ranks ranks =
        new RankedDatabase(List.of(at(3), at(2), at(2), at(1)), new int[] {0, 0, 1, 1})
            .ranks(at(0), 1);

    assertThat(ranks.relevantRanks()).containsExactly(1, 3);
    assertThat(ranks.averagePrecision(1)).isEqualTo(1);
    assertThat(ranks.averagePrecision(2)).isEqualTo(1);
    assertThat(ranks.averagePrecision(3)).isEqualTo((1 + 2 / 3.0) / 2, within(1e-12));
  }

  @Test
  void nothingRelevantWithinKGivesNothing() {
    RankedDatabase.Ranks ranks =
        new RankedDatabase(List.of(at(1), at(2)), new int[] {0, 1}).ranks(at(0), 1);

    assertThat(ranks.averagePrecision(1)).isZero();
    assertThat(ranks.averagePrecision(2)).isEqualTo(0.5);
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 64, 72, 256})
  void averagePrecisionAgreesWithASortedWalk(int bits) {
    World world = new World(bits, 300, 20);
    RankedDatabase database = new RankedDatabase(world.codes, world.labels);
    for (int query = 0; query < world.queries.size(); query++) {
      HashCode code = world.queries.get(query);
      int label = world.queryLabels[query];
      RankedDatabase.Ranks ranks = database.ranks(code, label);
      List<Integer> sorted = world.sorted(code);
      for (int k : List.of(1, 7, 100, 1_000)) {
        assertThat(ranks.averagePrecision(k))
            .as("seed %d query %d k %d", SEED, query, k)
            .isEqualTo(slow(sorted, world.labels, label, k), within(1e-12));
      }
      assertThat(database.nearest(code, 8)).isEqualTo(sorted.subList(0, 8));
    }
  }

  @Test
  void spreadOverOrdersHoldsTheTieAveragedMean() {
    World world = new World(16, 400, 40);
    Found found = world.measure(40);

    MapAt all = found.map().getLast();
    double averaged = IntStream.range(0, 40).mapToDouble(i -> found.averagePrecisions()[i]).sum();
    assertThat(all.k()).isEqualTo("ALL");
    assertThat(all.orders()).isEqualTo(40);
    assertThat(averaged / 40).as("seed %d", SEED).isBetween(all.min(), all.max());
    assertThat(all.mean()).isEqualTo(averaged / 40, within(0.01)).isBetween(all.min(), all.max());
    assertThat(all.min()).isLessThan(all.max());
  }

  @Test
  void mapIsTheMeanOverQueriesInTheOrderOfTheDatabase() {
    // More queries than one block of them.
    World world = new World(64, 150, 300);
    Found found = world.measure(2);

    for (MapAt at : found.map()) {
      int k = at.k().equals("ALL") ? 150 : Integer.parseInt(at.k());
      double sum = 0;
      for (int i = 0; i < world.queries.size(); i++) {
        sum += slow(world.sorted(world.queries.get(i)), world.labels, world.queryLabels[i], k);
      }
      assertThat(at.value()).as("seed %d, %s", SEED, at.k()).isEqualTo(sum / 300, within(1e-12));
    }
    // No more images than the first thousand: nothing is cut.
    assertThat(found.map().get(1).value()).isEqualTo(found.map().get(2).value());
  }

  @Test
  void radiiAgreeWithBruteForce() {
    World world = new World(24, 200, 30);
    List<AtRadius> radii = world.measure(1).radii();

    assertThat(radii).hasSize(25);
    for (AtRadius at : radii) {
      double precision = 0;
      double recall = 0;
      int images = 0;
      int relevant = 0;
      int empty = 0;
      for (int query = 0; query < 30; query++) {
        int found = 0;
        int right = 0;
        int all = 0;
        for (int i = 0; i < 200; i++) {
          boolean near = world.queries.get(query).distance(world.codes.get(i)) <= at.radius();
          boolean own = world.labels[i] == world.queryLabels[query];
          found += near ? 1 : 0;
          right += near && own ? 1 : 0;
          all += own ? 1 : 0;
        }
        precision += found == 0 ? 0 : (double) right / found;
        recall += all == 0 ? 0 : (double) right / all;
        images += found;
        relevant += right;
        empty += found == 0 ? 1 : 0;
      }
      assertThat(at.precision()).as("seed %d %s", SEED, at).isEqualTo(precision / 30, within(1e-9));
      assertThat(at.recall()).isEqualTo(recall / 30, within(1e-9));
      assertThat(at.images()).isEqualTo(images / 30.0, within(1e-9));
      assertThat(at.empty()).isEqualTo(empty / 30.0, within(1e-9));
      assertThat(at.pooledPrecision())
          .isEqualTo(images == 0 ? 0 : (double) relevant / images, within(1e-9));
    }
    assertThat(radii.getLast().recall()).isEqualTo(1);
  }

  /// Average precision within k by the definition, over positions nearest first.
  private static double slow(List<Integer> sorted, int[] labels, int label, int k) {
    List<Double> precisions = new ArrayList<>();
    for (int rank = 1; rank <= Math.min(k, sorted.size()); rank++) {
      if (labels[sorted.get(rank - 1)] == label) {
        precisions.add((precisions.size() + 1.0) / rank);
      }
    }
    return precisions.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  /// A code at the given distance from that at 0.
  private static HashCode at(int distance) {
    return HashCode.of(16, (1L << distance) - 1);
  }

  /// Codes of four classes, near their class's own so that there are many ties.
  private static final class World {
    private final Random random = new Random(SEED);
    private final List<HashCode> centers = new ArrayList<>();
    private final List<HashCode> codes = new ArrayList<>();
    private final List<HashCode> queries = new ArrayList<>();
    private final int[] labels;
    private final int[] queryLabels;

    World(int bits, int images, int queryCount) {
      for (int i = 0; i < 4; i++) {
        byte[] bytes = new byte[bits / 8];
        random.nextBytes(bytes);
        centers.add(HashCode.fromBytes(bytes));
      }
      labels = new int[images];
      queryLabels = new int[queryCount];
      for (int i = 0; i < images; i++) {
        labels[i] = i < 4 ? i : random.nextInt(4);
        codes.add(near(labels[i]));
      }
      for (int i = 0; i < queryCount; i++) {
        queryLabels[i] = random.nextInt(4);
        queries.add(near(queryLabels[i]));
      }
    }

    private HashCode near(int label) {
      HashCode center = centers.get(random.nextInt(5) == 0 ? random.nextInt(4) : label);
      byte[] bytes = center.toBytes();
      for (int flips = random.nextInt(4); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      return HashCode.fromBytes(bytes);
    }

    Found measure(int orders) {
      return new RetrievalMeasurement(codes, labels, orders, SEED).of(queries, queryLabels, QUIET);
    }

    /// Positions, nearest first, ties in the order of the database.
    List<Integer> sorted(HashCode query) {
      return IntStream.range(0, codes.size())
          .boxed()
          .sorted(
              Comparator.<Integer>comparingInt(i -> query.distance(codes.get(i)))
                  .thenComparing(Comparator.naturalOrder()))
          .toList();
    }
  }
}
