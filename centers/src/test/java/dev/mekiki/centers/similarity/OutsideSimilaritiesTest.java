package dev.mekiki.centers.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.centers.solve.ClassSimilarity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class OutsideSimilaritiesTest {
  private static final long SEED = Long.getLong("mekiki.seed", new Random().nextLong());
  private static final Offset<Float> CLOSE = Offset.offset(1e-5f);

  /// Two classes of x, two of others. Likeness 2 * 1 / 4 of the pair, 0 of all others: the first
  /// rows' deviations are 1/3, -1/6, -1/6; the last ones' are 0.
  @Test
  void hierarchyGivesTheMatrixComputedByHand() {
    ClassSimilarity similarity =
        HierarchySimilarity.of(List.of(List.of("x"), List.of("x"), List.of("y"), List.of("z")));

    assertThat(row(similarity, 0)).containsExactly(new float[] {1, 1, -0.25f, -0.25f}, CLOSE);
    assertThat(row(similarity, 2)).containsExactly(new float[] {-0.25f, -0.25f, 1, 0}, CLOSE);
  }

  @Test
  void classesThatMeetLowerAreMoreAlike() {
    ClassSimilarity similarity =
        HierarchySimilarity.of(
            List.of(
                List.of("cat", "animal"),
                List.of("cat", "animal"),
                List.of("dog", "animal"),
                List.of("car"),
                // The same word below another root is another superclass.
                List.of("cat", "machine")));

    assertThat(similarity.of(0, 1)).isGreaterThan(similarity.of(0, 2));
    assertThat(similarity.of(0, 2)).isGreaterThan(similarity.of(0, 3));
    assertThat(similarity.of(0, 4)).isEqualTo(similarity.of(0, 3), CLOSE);
  }

  @Test
  void everySourceIsSymmetricWithinRangeAndAlikeToItself() {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    for (int round = 0; round < 50; round++) {
      int classes = 2 + random.nextInt(30);
      for (ClassSimilarity similarity : sources(classes, random)) {
        assertThat(similarity.classes()).isEqualTo(classes);
        assertThat(similarity.asymmetry()).isZero();
        for (int a = 0; a < classes; a++) {
          assertThat(similarity.of(a, a)).isEqualTo(1);
          for (int b = 0; b < classes; b++) {
            assertThat(similarity.of(a, b)).isBetween(-1f, 1f).isEqualTo(similarity.of(b, a));
          }
        }
      }
    }
  }

  /// Whatever the order of the file, two classes are as much alike.
  @Test
  void theOrderOfClassesDoesNotMatter() {
    Random random = new Random(SEED);
    int classes = 12;
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    List<List<String>> paths = paths(classes, random);
    double[][] vectors = vectors(classes, random);

    assertReordered(
        HierarchySimilarity.of(paths),
        HierarchySimilarity.of(order.stream().map(paths::get).toList()),
        order);
    double[][] reordered = order.stream().map(i -> vectors[i]).toArray(double[][]::new);
    assertReordered(VectorSimilarity.of(vectors), VectorSimilarity.of(reordered), order);
    assertReordered(
        VectorSimilarity.ofAttributes(vectors), VectorSimilarity.ofAttributes(reordered), order);
  }

  @Test
  void mixturesBeginAndEndAtTheirParts() {
    Random random = new Random(SEED);
    for (int round = 0; round < 20; round++) {
      List<ClassSimilarity> both = sources(2 + random.nextInt(20), random);
      ClassSimilarity a = both.get(0);
      ClassSimilarity b = both.get(1);

      assertEqual(a.mixedWith(b, 0), a);
      assertEqual(a.mixedWith(b, 1), b);
      assertEqual(a.mixedWith(b, 0.25f), b.mixedWith(a, 0.75f));
      float weight = random.nextFloat();
      for (int i = 0; i < a.classes(); i++) {
        for (int j = 0; j < i; j++) {
          assertThat(a.mixedWith(b, weight).of(i, j))
              .isEqualTo((1 - weight) * a.of(i, j) + weight * b.of(i, j), CLOSE);
        }
      }
    }
  }

  @Test
  void mixturesOfOtherClassesOrWeightsAreRefused() {
    ClassSimilarity two = VectorSimilarity.of(new double[][] {{1}, {2}});
    ClassSimilarity three = VectorSimilarity.of(new double[][] {{1}, {2}, {3}});

    assertThatThrownBy(() -> two.mixedWith(three, 0.5f))
        .hasMessage("similarity: 3 classes (expected: 2, those of the one it is mixed with)");
    for (float weight : new float[] {-0.1f, 1.1f, Float.NaN}) {
      assertThatThrownBy(() -> two.mixedWith(two, weight))
          .hasMessage("weight: %s (expected: 0..1)".formatted(weight));
    }
  }

  @Test
  void unitsOfAttributesDoNotMatter() {
    double[][] metres = {{1, 0}, {2, 1}, {8, 0}, {9, 1}};
    double[][] feet = {{3.28, 0}, {6.56, 1}, {26.24, 0}, {29.52, 1}};

    assertEqual(VectorSimilarity.ofAttributes(metres), VectorSimilarity.ofAttributes(feet));
  }

  @Test
  void whatIsNotKnownAndWhatAllShareSayNothing() {
    double[][] known = {{1, 5}, {2, 5}, {8, 5}, {9, 5}};
    double[][] gaps = {{1, Double.NaN}, {2, Double.NaN}, {8, Double.NaN}, {9, Double.NaN}};
    double[][] alone = {{1}, {2}, {8}, {9}};

    assertEqual(VectorSimilarity.ofAttributes(known), VectorSimilarity.ofAttributes(alone));
    assertEqual(VectorSimilarity.ofAttributes(gaps), VectorSimilarity.ofAttributes(alone));
    // 0.1 has no exact form: its mean differs from it by rounding, which must not count.
    assertThat(VectorSimilarity.ofAttributes(new double[][] {{0.1}, {0.1}, {0.1}}).isTelling())
        .isFalse();
  }

  /// For some numbers of classes and levels, the mean of equal numbers differs from them in the
  /// last digit.
  @Test
  void classesThatAreEquallyAlikeAreNotToldApartByRounding() {
    for (int classes = 3; classes < 30; classes++) {
      for (int levels = 1; levels < 10; levels++) {
        List<String> path = Collections.nCopies(levels, "x");
        ClassSimilarity similarity = HierarchySimilarity.of(Collections.nCopies(classes, path));

        assertThat(similarity.isTelling()).isFalse();
        assertThat(similarity.of(0, 1)).isZero();
      }
    }
  }

  @Test
  void classesWithoutACommonSuperclassAreNotToldApart() {
    assertThat(
            HierarchySimilarity.of(List.of(List.of("a"), List.of("b"), List.of("c"))).isTelling())
        .isFalse();
  }

  private static void assertReordered(
      ClassSimilarity before, ClassSimilarity after, List<Integer> order) {
    for (int i = 0; i < order.size(); i++) {
      for (int j = 0; j < order.size(); j++) {
        assertThat(after.of(i, j)).isEqualTo(before.of(order.get(i), order.get(j)), CLOSE);
      }
    }
  }

  private static void assertEqual(ClassSimilarity a, ClassSimilarity b) {
    assertThat(a.classes()).isEqualTo(b.classes());
    for (int i = 0; i < a.classes(); i++) {
      assertThat(row(a, i)).containsExactly(row(b, i), CLOSE);
    }
  }

  private static List<ClassSimilarity> sources(int classes, Random random) {
    return List.of(
        HierarchySimilarity.of(paths(classes, random)),
        VectorSimilarity.of(vectors(classes, random)),
        VectorSimilarity.ofAttributes(vectors(classes, random)));
  }

  private static List<List<String>> paths(int classes, Random random) {
    List<List<String>> paths = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      List<String> path = new ArrayList<>();
      for (int level = random.nextInt(4); level >= 0; level--) {
        path.add("level %d, %d".formatted(level, random.nextInt(3)));
      }
      paths.add(path);
    }
    return paths;
  }

  private static double[][] vectors(int classes, Random random) {
    int length = 1 + random.nextInt(8);
    double[][] vectors = new double[classes][length];
    for (double[] vector : vectors) {
      for (int i = 0; i < length; i++) {
        vector[i] = random.nextGaussian() * 100 + i;
      }
    }
    return vectors;
  }

  private static float[] row(ClassSimilarity similarity, int i) {
    float[] row = new float[similarity.classes()];
    for (int j = 0; j < row.length; j++) {
      row[j] = similarity.of(i, j);
    }
    return row;
  }
}
