package dev.mekiki.centers.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.SharedData;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CenterSolverTest {
  private static final ClassSimilarity CLUSTERED = Similarities.clustered(40, new Random(1));

  @ParameterizedTest
  @EnumSource
  void whatIsReportedIsWhatTheCentersHave(CenterSolver solver) {
    CenterSolution solution = solve(solver, 16, CLUSTERED, 1);

    CenterTable table = RandomCodes.table(16, solution.codes());
    int smallest = 17;
    double sum = 0;
    for (int i = 0; i < 40; i++) {
      int[] distances = table.distances(table.center(i));
      for (int j = 0; j < 40; j++) {
        double error = CLUSTERED.of(i, j) - (1 - distances[j] / 8.0);
        sum += error * error;
        smallest = i == j ? smallest : Math.min(smallest, distances[j]);
      }
    }
    assertThat(solution.minimumDistance()).isEqualTo(smallest);
    assertThat(solution.loss()).isCloseTo(sum / 1600, within(1e-9));
    assertThat(solution.solver()).isEqualTo(solver.toString());
    assertThat(solution.seconds()).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void sameSeedGivesTheSameCenters(CenterSolver solver) {
    List<HashCode> codes = solve(solver, 32, CLUSTERED, 7).codes();

    assertThat(solve(solver, 32, CLUSTERED, 7).codes()).isEqualTo(codes);
  }

  @ParameterizedTest
  @CsvSource({"16, 5", "32, 11", "64, 25", "128, 54"})
  void centersKeepTheDistance(int bits, int distance) {
    for (CenterSolver solver : new CenterSolver[] {CenterSolver.ANNEALED, CenterSolver.PUBLISHED}) {
      CenterSolution solution = solve(solver, bits, CLUSTERED, 3);

      assertThat(solution.targetDistance()).isEqualTo(distance);
      assertThat(solution.reachedTarget()).isTrue();
    }
  }

  @Test
  void oneLessIsTriedWhereNoTableIsFound() {
    // Three codes of 16 bits cannot all be 11 apart: their distances add up to 32 at most.
    ClassSimilarity three = Similarities.uniform(3, new Random(1));
    CenterSolution solution =
        CenterSolver.ANNEALED.solve(new CenterProblem(16, three, 11, 1), (done, total) -> {});

    assertThat(solution.targetDistance()).isEqualTo(11);
    assertThat(solution.minimumDistance()).isEqualTo(10);
    assertThat(solution.reachedTarget()).isFalse();
  }

  @Test
  void aSingleClassHasACenter() {
    CenterSolution solution =
        solve(CenterSolver.ANNEALED, 16, ClassSimilarity.of(new float[][] {{1}}), 1);

    assertThat(solution.codes()).hasSize(1);
    assertThat(solution.loss()).isZero();
    assertThat(solution.reachedTarget()).isTrue();
  }

  @Test
  void permutedCentersKeepTheirGeometryAndLoseTheirMeaning() {
    CenterSolution solution = solve(CenterSolver.ANNEALED, 32, CLUSTERED, 1);
    CenterSolution permuted = solution.permuted(CLUSTERED, 5);

    assertThat(permuted.codes())
        .containsExactlyInAnyOrderElementsOf(solution.codes())
        .isNotEqualTo(solution.codes());
    assertThat(permuted).isEqualTo(solution.permuted(CLUSTERED, 5));
    assertThat(permuted.minimumDistance()).isEqualTo(solution.minimumDistance());
    assertThat(permuted.loss()).isGreaterThan(1.5 * solution.loss());
  }

  @Test
  void badProblemsAreNamed() {
    assertThatThrownBy(() -> CenterProblem.of(20, CLUSTERED, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bits: 20 (expected: a multiple of 8, 16 to 256)");
    assertThatThrownBy(() -> new CenterProblem(16, CLUSTERED, 0, 1))
        .hasMessage("minimumDistance: 0 (expected: 1 to 17)");
  }

  @ParameterizedTest
  @CsvSource({"16, 4, 0.0466", "32, 10, 0.0233", "64, 24, 0.0165"})
  void hundredClassesLieBelowTheLossAskedFor(int bits, int distance, double loss)
      throws IOException {
    float[][] entries;
    try (Stream<String> lines = Files.lines(SharedData.data("similarity-100.csv"))) {
      entries = lines.map(CenterSolverTest::parse).toArray(float[][]::new);
    }
    ClassSimilarity similarity = ClassSimilarity.of(entries);
    long start = System.nanoTime();
    double descended = descend(bits, similarity, distance).loss(similarity);
    double seconds = (System.nanoTime() - start) / 1e9;
    CenterSolution annealed = solve(CenterSolver.ANNEALED, bits, similarity, 1);
    CenterSolution published = solve(CenterSolver.PUBLISHED, bits, similarity, 1);

    System.out.printf(
        "centers: bits=%d annealed=%.4f in %.2f s published=%.4f in %.2f s descent=%.4f in %.4f s%n",
        bits,
        annealed.loss(),
        annealed.seconds(),
        published.loss(),
        published.seconds(),
        descended,
        seconds);
    // What the published solver ends with takes no annealing.
    assertThat(descended).isLessThan(published.loss());
    assertThat(annealed.targetDistance()).isEqualTo(distance);
    assertThat(annealed.reachedTarget()).isTrue();
    assertThat(annealed.loss()).isLessThanOrEqualTo(loss).isLessThan(published.loss());
    assertThat(published.reachedTarget()).isTrue();
  }

  /// Flips from random centers on for as long as they lower the loss.
  private static CenterCodes descend(int bits, ClassSimilarity similarity, int distance) {
    SplittableRandom random = new SplittableRandom(1);
    CenterCodes centers =
        RandomDraws.draw(bits, similarity.classes(), distance, random).orElseThrow();
    FlipState state = new FlipState(centers, similarity, distance);
    double share = 1;
    while (share > 0) {
      share = state.sweep(0, random);
    }
    return centers;
  }

  /// `-Dmekiki.classes=N` sets how many there are; 1,000 else.
  @Test
  void manyClassesHaveCentersAtTheDistance() {
    int classes = Integer.getInteger("mekiki.classes", 1_000);
    ClassSimilarity similarity = Similarities.clustered(classes, new Random(1));
    CenterSolution annealed = solve(CenterSolver.ANNEALED, 64, similarity, 1);
    CenterSolution random = solve(CenterSolver.RANDOM, 64, similarity, 1);

    System.out.printf(
        "centers: classes=%d target=%d reached=%d loss=%.4f in %.1f s (random: %.4f)%n",
        classes,
        annealed.targetDistance(),
        annealed.minimumDistance(),
        annealed.loss(),
        annealed.seconds(),
        random.loss());
    assertThat(annealed.minimumDistance()).isGreaterThanOrEqualTo(annealed.targetDistance() - 1);
    assertThat(annealed.loss()).isLessThan(random.loss() / 2);
  }

  private static float[] parse(String line) {
    String[] cells = line.split(",", -1);
    float[] row = new float[cells.length];
    for (int j = 0; j < cells.length; j++) {
      row[j] = Float.parseFloat(cells[j]);
    }
    return row;
  }

  private static CenterSolution solve(
      CenterSolver solver, int bits, ClassSimilarity similarity, long seed) {
    return solver.solve(CenterProblem.of(bits, similarity, seed), (done, total) -> {});
  }
}
