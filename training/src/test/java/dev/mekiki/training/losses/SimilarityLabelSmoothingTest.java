package dev.mekiki.training.losses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.centers.solve.ClassSimilarity;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class SimilarityLabelSmoothingTest {
  @Test
  void smoothingGoesToSimilarClasses() {
    float[][] similarity = {{1, 0.6f, 0.2f, -1}, {0.6f, 1, 0, 0}, {0.2f, 0, 1, 0}, {-1, 0, 0, 1}};

    float[][] targets = SimilarityLabelSmoothing.targets(ClassSimilarity.of(similarity), 0.2f);

    assertThat(targets[0])
        .containsExactly(new float[] {0.8f, 0.15f, 0.05f, 0}, Offset.offset(1e-6f));
    assertThat(targets[3])
        .containsExactly(new float[] {0.2f / 3, 0.2f / 3, 0.2f / 3, 0.8f}, Offset.offset(1e-6f));
  }

  @Test
  void withoutSmoothingLabelsStayAsTheyAre() {
    assertThat(
            SimilarityLabelSmoothing.targets(
                ClassSimilarity.of(new float[][] {{1, 0.5f}, {0.5f, 1}}), 0))
        .isDeepEqualTo(new float[][] {{1, 0}, {0, 1}});
  }
}
