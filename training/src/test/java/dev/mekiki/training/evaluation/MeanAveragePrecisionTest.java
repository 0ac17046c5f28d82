package dev.mekiki.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mekiki.hashing.code.HashCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MeanAveragePrecisionTest {
  private static final HashCode QUERY = HashCode.fromHex("0000");

  @Test
  void relevantImagesFirstGiveOne() {
    assertThat(averagePrecision(List.of(at(1), at(2), at(3)), 1, 1, 0)).isEqualTo(1);
  }

  @Test
  void precisionIsTakenAtEachRelevantImage() {
    // Ranks 1 and 3 are relevant: (1/1 + 2/3) / 2.
    assertThat(averagePrecision(List.of(at(1), at(2), at(3)), 1, 0, 1))
        .isEqualTo(5 / 6.0, within(1e-12));
  }

  @Test
  void tieCountsAsTheMeanOfItsOrders() {
    // Relevant first (1) or second (1/2), equally likely.
    assertThat(averagePrecision(List.of(at(4), at(4)), 1, 0)).isEqualTo(0.75, within(1e-12));
    assertThat(averagePrecision(List.of(at(4), at(4)), 0, 1)).isEqualTo(0.75, within(1e-12));
  }

  @Test
  void queryOfAClassThatIsNotThereGivesNothing() {
    assertThat(averagePrecision(List.of(at(4), at(4)), 0, 0)).isZero();
  }

  @Test
  void agreesWithTheMeanOverShuffledTies() {
    long seed = Long.getLong("mekiki.seed", 20261124);
    Random random = new Random(seed);
    for (int world = 0; world < 5; world++) {
      int size = 12 + random.nextInt(10);
      List<HashCode> codes = new ArrayList<>();
      int[] labels = new int[size];
      for (int i = 0; i < size; i++) {
        codes.add(at(random.nextInt(4)));
        labels[i] = random.nextInt(3) == 0 ? 1 : 0;
      }
      labels[0] = 1;
      double expected = 0;
      int orders = 20_000;
      for (int i = 0; i < orders; i++) {
        expected += slow(codes, labels, random) / orders;
      }
      assertThat(averagePrecision(codes, labels))
          .as("seed %d world %d", seed, world)
          .isEqualTo(expected, within(0.01));
    }
  }

  @Test
  void meanIsTakenOverQueries() {
    MeanAveragePrecision map = new MeanAveragePrecision(List.of(at(1), at(2)), new int[] {0, 1});

    assertThat(map.of(List.of(QUERY, QUERY), new int[] {0, 1}))
        .isEqualTo((1 + 0.5) / 2, within(1e-12));
  }

  /// Sorts the database, its ties shuffled, and walks down.
  private static double slow(List<HashCode> codes, int[] labels, Random random) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    order.sort((a, b) -> QUERY.distance(codes.get(a)) - QUERY.distance(codes.get(b)));
    double precisions = 0;
    int relevant = 0;
    for (int rank = 1; rank <= order.size(); rank++) {
      if (labels[order.get(rank - 1)] == 1) {
        relevant++;
        precisions += (double) relevant / rank;
      }
    }
    return precisions / relevant;
  }

  private static double averagePrecision(List<HashCode> codes, int... labels) {
    return new MeanAveragePrecision(codes, labels).averagePrecision(QUERY, 1);
  }

  /// A code at the given distance from the query.
  private static HashCode at(int distance) {
    return HashCode.of(16, (1L << distance) - 1);
  }
}
