package dev.mekiki.training.stages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.centers.solve.ClassSimilarity;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class ClassSimilaritiesTest {
  private static final Offset<Float> CLOSE = Offset.offset(1e-5f);

  /// Three classes of one picture each. Without its own class, the first picture's outputs are
  /// those of probabilities 3/4 and 1/4, the second's 1/2 and 1/2, the third's 1/5 and 4/5. Rows,
  /// less their means of 1/2 and over their largest deviations: (., 1, -1), (0, ., 0), (-1, 1, .).
  @Test
  void mistakesGiveTheMatrixComputedByHand() {
    float ln2 = (float) Math.log(2);
    float ln3 = (float) Math.log(3);
    float[] logits = {9, ln3, 0, 1, -5, 1, 0, 2 * ln2, 3};

    ClassSimilarity similarity = ClassSimilarities.ofMistakes(logits, new int[] {0, 1, 2}, 3, 1);

    assertThat(row(similarity, 0)).containsExactly(new float[] {1, 0.5f, -1}, CLOSE);
    assertThat(row(similarity, 1)).containsExactly(new float[] {0.5f, 1, 0.5f}, CLOSE);
    assertThat(row(similarity, 2)).containsExactly(new float[] {-1, 0.5f, 1}, CLOSE);
  }

  /// Four classes, so that a row keeps more than a sign: with temperature 1 the first row's
  /// probabilities are 1/7, 2/7, 4/7, deviations -4/21, -1/21, 5/21; with temperature 1/2 they are
  /// 1/21, 4/21, 16/21, deviations -6/21, -3/21, 9/21.
  @Test
  void temperatureSharpensTheRow() {
    float ln2 = (float) Math.log(2);
    float[] logits = {0, 0, ln2, 2 * ln2};

    ClassSimilarity warm = ClassSimilarities.ofMistakes(logits, new int[] {0}, 4, 1);
    ClassSimilarity cold = ClassSimilarities.ofMistakes(logits, new int[] {0}, 4, 0.5f);

    // The other rows are zeros: half of the first remains.
    assertThat(row(warm, 0)).containsExactly(new float[] {1, -0.4f, -0.1f, 0.5f}, CLOSE);
    assertThat(row(cold, 0)).containsExactly(new float[] {1, -1 / 3f, -1 / 6f, 0.5f}, CLOSE);
    assertThat(row(warm, 3)).containsExactly(new float[] {0.5f, 0, 0, 1}, CLOSE);
  }

  @Test
  void twoClassesAreNeitherAlikeNorUnlike() {
    ClassSimilarity similarity =
        ClassSimilarities.ofMistakes(new float[] {1, 0, 0, 1}, new int[] {0, 1}, 2, 1);

    assertThat(row(similarity, 0)).containsExactly(1f, 0f);
    assertThat(row(similarity, 1)).containsExactly(0f, 1f);
  }

  /// Mean features (2, 0), (2, 1), (-4, -1), whose mean is (0, 0): cosines of 0.894 for the first
  /// and second, -0.970 for the first and third, -0.976 for the second and third. With two others,
  /// each row keeps their order alone: (., 1, -1), (1, ., -1), (1, -1, .).
  @Test
  void featuresOfAClassAreTakenAtTheirMean() {
    float[] features = {1, 0, 3, 0, 2, 1, -4, -1};

    ClassSimilarity similarity = ClassSimilarities.ofFeatures(features, new int[] {0, 0, 1, 2}, 3);

    assertThat(row(similarity, 0)).containsExactly(new float[] {1, 1, 0}, CLOSE);
    assertThat(row(similarity, 1)).containsExactly(new float[] {1, 1, -1}, CLOSE);
    assertThat(row(similarity, 2)).containsExactly(new float[] {0, -1, 1}, CLOSE);
  }

  private static float[] row(ClassSimilarity similarity, int i) {
    float[] row = new float[similarity.classes()];
    for (int j = 0; j < row.length; j++) {
      row[j] = similarity.of(i, j);
    }
    return row;
  }
}
