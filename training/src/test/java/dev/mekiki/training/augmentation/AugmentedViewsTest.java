package dev.mekiki.training.augmentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.encoding.preprocess.Preprocessing.Colour;
import dev.mekiki.encoding.preprocess.Preprocessing.Standardisation;
import dev.mekiki.encoding.preprocess.Preprocessing.View;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AugmentedViewsTest {
  private static final int SIDE = 32;
  private static final int VIEWS = 2000;

  /// Pixels come out as shares of white.
  private static final Preprocessing PREPROCESSING =
      new Preprocessing(
          Preprocessing.VERSION,
          SIDE,
          Colour.LUMA,
          Standardisation.DATASET,
          List.of(0f),
          List.of(1f),
          List.of(View.WHOLE));

  @Test
  void aboutAThirdOfEditedCopiesHasACaption() {
    AugmentedViews views = new AugmentedViews(PREPROCESSING, new Random(1), 1);
    byte[] grey = new byte[3 * SIDE * SIDE];
    Arrays.fill(grey, (byte) 128);
    float[] target = new float[2 * SIDE * SIDE];
    int captioned = 0;
    for (int i = 0; i < VIEWS; i++) {
      views.pair(grey, target, 0, SIDE * SIDE);

      float least = 1;
      float most = 0;
      for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
        assertThat(target[pixel]).isEqualTo(128 / 255f);
        float edited = target[SIDE * SIDE + pixel];
        assertThat(edited).isBetween(0f, 1f);
        least = Math.min(least, edited);
        most = Math.max(most, edited);
      }
      // Noise reaches over 8 deviations of 6 grey levels at most: nothing else parts a flat
      // picture.
      if (most - least > 0.25) {
        captioned++;
      }
    }

    assertThat(captioned / (double) VIEWS).isBetween(0.18, 0.33);
  }
}
