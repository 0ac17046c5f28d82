package dev.mekiki.centers.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mekiki.centers.GilbertVarshamov;
import dev.mekiki.hashing.Seeds;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AnnealingTest {
  private static final long SEED = Seeds.seed(AnnealingTest.class);

  @Test
  void centersOfFewClassesAreOptimal() {
    for (int number = 0; number < 12; number++) {
      Random random = Seeds.random(SEED, number);
      int bits = 3 + random.nextInt(4);
      int classes = 2 + random.nextInt(4);
      ClassSimilarity similarity = Similarities.uniform(classes, random);
      int distance = GilbertVarshamov.minimumDistance(bits, classes);
      // In so few bits there may be no table at the distance itself.
      while (optimum(bits, distance, similarity) == NONE) {
        distance--;
      }

      CenterCodes centers =
          Annealing.solve(bits, similarity, distance, 1, (done, total) -> {}).orElseThrow();
      assertThat(centers.smallestDistance()).isGreaterThanOrEqualTo(distance);
      assertThat(centers.loss(similarity))
          .as("%d classes at %d of %d bits, case %d", classes, distance, bits, number)
          .isCloseTo(optimum(bits, distance, similarity), within(1e-6));
    }
  }

  /// More than any loss.
  private static final double NONE = 5;

  /// The least loss of all tables at the distance, by trying them all. The first center may be any:
  /// flipping a bit of every center changes nothing.
  private static double optimum(int bits, int distance, ClassSimilarity similarity) {
    return optimum(bits, distance, similarity, new int[similarity.classes()], 1, 0, NONE);
  }

  private static double optimum(
      int bits,
      int distance,
      ClassSimilarity similarity,
      int[] codes,
      int chosen,
      double loss,
      double best) {
    if (loss >= best) {
      return best;
    }
    if (chosen == codes.length) {
      return loss;
    }
    double least = best;
    for (int code = 0; code < 1 << bits; code++) {
      double added = 0;
      boolean allowed = true;
      for (int other = 0; other < chosen; other++) {
        int apart = Integer.bitCount(code ^ codes[other]);
        double error = similarity.of(chosen, other) - (1 - 2.0 * apart / bits);
        added += 2 * error * error / (codes.length * codes.length);
        allowed &= apart >= distance;
      }
      if (allowed) {
        codes[chosen] = code;
        least = optimum(bits, distance, similarity, codes, chosen + 1, loss + added, least);
      }
    }
    return least;
  }

  @Test
  void coldSweepsEndWhereNoAllowedFlipLowersTheLoss() {
    for (int bits : new int[] {16, 40, 64, 72, 128}) {
      int distance = GilbertVarshamov.minimumDistance(bits, 20);
      ClassSimilarity similarity = Similarities.clustered(20, Seeds.random(SEED, bits));
      SplittableRandom random = new SplittableRandom(SEED);
      CenterCodes centers = RandomDraws.draw(bits, 20, distance, random).orElseThrow();
      FlipState state = new FlipState(centers, similarity, distance);
      for (int sweep = 0; sweep < 50; sweep++) {
        state.sweep(10, random);
      }
      assertThat(state.flips()).isPositive();
      double share = 1;
      while (share > 0) {
        share = state.sweep(0, random);
      }

      double loss = centers.loss(similarity);
      assertThat(centers.smallestDistance()).isGreaterThanOrEqualTo(distance);
      for (int center = 0; center < 20; center++) {
        for (int bit = 0; bit < bits; bit++) {
          centers.flip(bit, center);
          if (centers.smallestDistance(center, 20) >= distance) {
            assertThat(centers.loss(similarity))
                .as("bit %d of center %d of %d bits", bit, center, bits)
                .isGreaterThan(loss - 1e-6);
          }
          centers.flip(bit, center);
        }
      }
    }
  }

  @Test
  void minimumDistanceHoldsAtEveryTemperature() {
    ClassSimilarity similarity = Similarities.clustered(60, Seeds.random(SEED, 0));
    for (int bits : new int[] {16, 32, 64, 128}) {
      int distance = GilbertVarshamov.minimumDistance(bits, 60);
      SplittableRandom random = new SplittableRandom(SEED);
      CenterCodes centers = RandomDraws.draw(bits, 60, distance, random).orElseThrow();
      FlipState state = new FlipState(centers, similarity, distance);
      for (float temperature = 1_000; temperature > 1; temperature *= 0.7f) {
        state.sweep(temperature, random);
        assertThat(centers.smallestDistance()).isGreaterThanOrEqualTo(distance);
      }
    }
  }

  @Test
  void progressGrowsToItsTotal() {
    long[] last = new long[2];
    ClassSimilarity similarity = Similarities.clustered(20, Seeds.random(SEED, 1));
    assertThat(
            Annealing.solve(
                16,
                similarity,
                5,
                1,
                (done, total) -> {
                  assertThat(done).isGreaterThan(last[0]);
                  last[0] = done;
                  last[1] = total;
                }))
        .isPresent();
    assertThat(last[0]).isPositive().isEqualTo(last[1]);
  }
}
