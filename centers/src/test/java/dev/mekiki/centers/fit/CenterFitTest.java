package dev.mekiki.centers.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mekiki.centers.CodeSpread;
import dev.mekiki.centers.RandomCenters;
import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.routing.Routing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CenterFitTest {
  /// Codes of a few clusters, which lie wherever chance put them.
  private static List<HashCode> clustered(
      List<HashCode> hearts, int codes, double flips, Random random) {
    List<HashCode> clustered = new ArrayList<>();
    for (int i = 0; i < codes; i++) {
      clustered.add(RandomCodes.flipped(hearts.get(i % hearts.size()), flips, random));
    }
    return clustered;
  }

  private static FittedCenters fit(FitProblem problem) {
    return CenterFit.fit(problem, (done, total) -> {});
  }

  private static double meanDistance(List<HashCode> centers, List<HashCode> codes) {
    CenterTable table = RandomCodes.table(codes.getFirst().bits(), centers);
    return codes.stream().mapToInt(code -> table.cell(code).shell()).average().orElseThrow();
  }

  private static void assertDistanceIsKept(FittedCenters fitted, int count, int distance) {
    assertThat(fitted.codes()).hasSize(count);
    int smallest = fitted.codes().getFirst().bits() + 1;
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < i; j++) {
        smallest = Math.min(smallest, fitted.codes().get(i).distance(fitted.codes().get(j)));
      }
    }
    assertThat(smallest).isEqualTo(fitted.minimumDistance()).isGreaterThanOrEqualTo(distance);
  }

  @ParameterizedTest
  @CsvSource({"16, 20", "24, 12", "32, 40", "64, 16", "64, 100", "128, 30"})
  void everyTwoCentersKeepTheDistance(int bits, int count) {
    long seed = Seeds.seed(CenterFitTest.class);
    for (int number = 0; number < 4; number++) {
      Random random = Seeds.random(seed, number);
      List<HashCode> hearts =
          RandomCodes.centers(bits, 1 + random.nextInt(2 * count), random).centers();
      List<HashCode> codes = clustered(hearts, 300, 0.3 * random.nextDouble(), random);
      FitProblem problem = FitProblem.of(codes, count, number);
      FittedCenters fitted = fit(problem);

      assertThat(fitted.targetDistance()).isEqualTo(problem.minimumDistance());
      assertDistanceIsKept(fitted, count, problem.minimumDistance());
      assertThat(fitted.meanDistance())
          .isCloseTo(meanDistance(fitted.codes(), codes), within(1e-9));
    }
  }

  @Test
  void codesThatAreAllEqualGetOneCenterAndTheOthersKeepAway() {
    HashCode code = RandomCodes.uniform(64, new Random(1));
    FittedCenters fitted = fit(FitProblem.of(Collections.nCopies(50, code), 100, 1));

    assertThat(fitted.codes().getFirst()).isEqualTo(code);
    assertThat(fitted.meanDistance()).isZero();
    assertDistanceIsKept(fitted, 100, 24);
  }

  @Test
  void fewerDifferentCodesThanCentersAreNoHindrance() {
    List<HashCode> different = RandomCenters.generate(64, 5, 3).codes();
    List<HashCode> codes = new ArrayList<>();
    different.forEach(code -> codes.addAll(Collections.nCopies(7, code)));
    FittedCenters fitted = fit(new FitProblem(codes, 40, 24, 1));

    assertThat(fitted.meanDistance()).isZero();
    assertThat(new HashSet<>(fitted.codes().subList(0, 5))).isEqualTo(new HashSet<>(different));
    assertDistanceIsKept(fitted, 40, 24);
  }

  @Test
  void codesTooNearEachOtherShareCentersAtTheDistance() {
    // All within a ball of diameter 8: no two of them could be centers.
    HashCode heart = RandomCodes.uniform(64, new Random(1));
    List<HashCode> codes = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      codes.add(RandomCodes.at(heart, 4, new Random(i)));
    }
    FittedCenters fitted = fit(FitProblem.of(codes, 30, 1));

    assertDistanceIsKept(fitted, 30, 25);
    assertThat(fitted.meanDistance()).isLessThanOrEqualTo(4);
  }

  @Test
  void oneLessIsTriedWhereNoTableIsFound() {
    // Three codes of 16 bits cannot all be 11 apart: their distances add up to 32 at most.
    List<HashCode> codes =
        clustered(RandomCenters.generate(16, 3, 1).codes(), 30, 0.1, new Random(1));
    FittedCenters fitted = fit(new FitProblem(codes, 3, 11, 1));

    assertThat(fitted.reachedTarget()).isFalse();
    assertThat(fitted.targetDistance()).isEqualTo(11);
    assertDistanceIsKept(fitted, 3, 10);
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32, 64})
  void plantedClustersAreFound(int count) {
    Random random = new Random(count);
    List<HashCode> hearts = RandomCenters.generate(64, count, 5).codes();
    List<HashCode> codes = clustered(hearts, 40 * count, 0.08, random);
    FittedCenters fitted = fit(FitProblem.of(codes, count, 1));

    CenterTable found = RandomCodes.table(64, fitted.codes());
    // The hearts keep the distance too, so a center may lie a bit or two beside its own.
    assertThat(hearts).allSatisfy(heart -> assertThat(found.cell(heart).shell()).isLessThan(3));
    assertThat(fitted.meanDistance()).isLessThanOrEqualTo(1.02 * meanDistance(hearts, codes));
  }

  @Test
  void fittingBringsCentersNearerThanTheTableAtHand() {
    Random random = new Random(2);
    List<HashCode> codes =
        clustered(RandomCodes.centers(64, 60, random).centers(), 900, 0.15, random);
    List<HashCode> atHand = RandomCenters.generate(64, 60, 9).codes();
    FittedCenters fitted = fit(FitProblem.of(codes, 60, 1));

    assertThat(fitted.meanDistance()).isLessThan(0.7 * meanDistance(atHand, codes));
  }

  @Test
  void clusteredCodesNeedFewProbesOnceCentersAreFitted() {
    Random random = new Random(6);
    List<HashCode> hearts = RandomCodes.centers(64, 40, random).centers();
    List<HashCode> atHand = RandomCenters.generate(64, 40, 9).codes();
    List<HashCode> codes = clustered(hearts, 2_000, 0.05, random);
    List<HashCode> others = clustered(hearts, 2_000, 0.05, random);
    CodeSpread before = spread(atHand, others);
    CodeSpread after = spread(fit(FitProblem.of(codes, 40, 1)).codes(), others);

    System.out.printf("fit: before %s, after %s%n", before, after);
    assertThat(before.probed()).isGreaterThan(5);
    assertThat(after.probed()).isLessThan(1);
  }

  private static CodeSpread spread(List<HashCode> centers, List<HashCode> codes) {
    return CodeSpread.of(Routing.byProximity(RandomCodes.table(64, centers), 8), codes, 8);
  }

  @Test
  void theSameSeedGivesTheSameCentersHoweverCodesArrived() {
    Random random = new Random(3);
    List<HashCode> codes =
        clustered(RandomCodes.centers(64, 20, random).centers(), 400, 0.2, random);
    List<HashCode> first = fit(FitProblem.of(codes, 25, 7)).codes();
    List<HashCode> shuffled = new ArrayList<>(codes);
    Collections.shuffle(shuffled, random);

    assertThat(fit(FitProblem.of(codes, 25, 7)).codes()).isEqualTo(first);
    assertThat(fit(FitProblem.of(shuffled, 25, 7)).codes()).isEqualTo(first);
    assertThat(fit(FitProblem.of(codes, 25, 8)).codes()).isNotEqualTo(first);
  }

  @Test
  void ofVeryManyCodesNoneIsLeftOut() {
    // More than are looked at in search of a start: the clusters are found all the same, and what
    // is
    // reported holds for all.
    List<HashCode> hearts = RandomCenters.generate(64, 12, 5).codes();
    List<HashCode> codes = clustered(hearts, 60_001, 0.1, new Random(1));
    FittedCenters fitted = fit(FitProblem.of(codes, 12, 1));

    assertThat(new HashSet<>(fitted.codes())).isEqualTo(new HashSet<>(hearts));
    assertThat(fitted.meanDistance()).isCloseTo(meanDistance(fitted.codes(), codes), within(1e-9));
  }

  @Test
  void aSingleCenterIsTheMajority() {
    HashCode heart = RandomCodes.uniform(32, new Random(1));
    List<HashCode> codes = new ArrayList<>();
    for (int bit = 0; bit < 32; bit++) {
      codes.add(HashCode.of(32, heart.word(0) ^ 1L << bit));
    }
    FittedCenters fitted = fit(FitProblem.of(codes, 1, 1));

    assertThat(fitted.codes()).containsExactly(heart);
    assertThat(fitted.minimumDistance()).isEqualTo(33);
    assertThat(fitted.meanDistance()).isEqualTo(1);
  }

  @Test
  void badProblemsAreNamed() {
    List<HashCode> codes = List.of(HashCode.fromHex("00ff"));
    assertThatThrownBy(() -> FitProblem.of(codes, 70_000, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("centers: 70000 of 16 bits (expected: 1 to 2^16)");
    assertThatThrownBy(() -> FitProblem.of(codes, 0, 1))
        .hasMessage("centers: 0 of 16 bits (expected: 1 to 2^16)");
    assertThatThrownBy(() -> new FitProblem(codes, 2, 17, 1))
        .hasMessage("distance: 17 (expected: 1 to 16)");
    assertThatThrownBy(() -> FitProblem.of(List.of(), 2, 1))
        .hasMessage("codes: none (expected: at least 1)");
    assertThatThrownBy(
            () -> FitProblem.of(List.of(codes.getFirst(), HashCode.fromHex("00ff00")), 2, 1))
        .hasMessage("code: 24 bits (expected: 16)");
  }
}
