package dev.mekiki.centers.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ClassSimilarityTest {
  @Test
  void mirroredEntriesAreReplacedByTheirMean() {
    ClassSimilarity similarity = ClassSimilarity.of(new float[][] {{1, 0.5f}, {0.1f, 1}});

    assertThat(similarity.of(0, 1)).isEqualTo(0.3f);
    assertThat(similarity.of(1, 0)).isEqualTo(0.3f);
    // Two of four entries lie 0.2 off their mean.
    assertThat(similarity.asymmetry()).isCloseTo(2 * 0.04 / 4, within(1e-7));
  }

  @Test
  void entriesAreCopied() {
    float[][] entries = {{1, 0}, {0, 1}};
    ClassSimilarity similarity = ClassSimilarity.of(entries);
    entries[0][1] = 1;

    assertThat(similarity.of(0, 1)).isZero();
    assertThat(similarity.asymmetry()).isZero();
  }

  @Test
  void badEntriesAreNamed() {
    assertThatThrownBy(() -> ClassSimilarity.of(new float[][] {{1, 0}, {Float.NaN, 1}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("similarity[1][0]: NaN (expected: -1 to 1)");
    assertThatThrownBy(() -> ClassSimilarity.of(new float[][] {{1, 1.5f}, {0, 1}}))
        .hasMessage("similarity[0][1]: 1.5 (expected: -1 to 1)");
    assertThatThrownBy(() -> ClassSimilarity.of(new float[][] {{1, 0}, {0, 0.9f}}))
        .hasMessage("similarity[1][1]: 0.9 (expected: 1, a class is like itself)");
  }

  @Test
  void shapesOtherThanSquareAreRefused() {
    assertThatThrownBy(() -> ClassSimilarity.of(new float[][] {{1, 0}, {0}}))
        .hasMessage("similarity[1]: 1 entries (expected: 2, as many as there are rows)");
    assertThatThrownBy(() -> ClassSimilarity.of(new float[0][]))
        .hasMessage("similarity: no rows (expected: at least 1)");
  }
}
