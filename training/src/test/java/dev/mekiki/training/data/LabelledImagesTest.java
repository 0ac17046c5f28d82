package dev.mekiki.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LabelledImagesTest {
  @Test
  void rareClassesAreDrawnMoreOften() {
    LabelledImages images = images(16, 4, 1);

    List<Integer> order = images.balanced(1);

    // The square roots of 16 x 16, 4 x 16 and 1 x 16.
    assertThat(order).hasSize(16 + 8 + 4).hasSize(images.balancedSize());
    assertThat(draws(order, 0, 16)).containsOnly(1);
    assertThat(draws(order, 16, 20)).containsOnly(2);
    assertThat(draws(order, 20, 21)).containsOnly(4);
  }

  @Test
  void classesOfOneSizeAreDrawnOnceInAShuffledOrder() {
    LabelledImages images = images(5, 5);

    assertThat(images.balanced(3)).isEqualTo(images.shuffled(3));
  }

  @Test
  void splitTakesOfEachClassInProportionAndLeavesTheOnlyPictureOfOne() {
    LabelledImages.Split split = images(20, 10, 1).split(0.2, 5);

    assertThat(split.test().classSizes()).containsExactly(4, 2, 0);
    assertThat(split.training().classSizes()).containsExactly(16, 8, 1);
  }

  private static List<Integer> draws(List<Integer> order, int from, int to) {
    List<Integer> draws = new ArrayList<>();
    for (int i = from; i < to; i++) {
      draws.add(Collections.frequency(order, i));
    }
    return draws;
  }

  private static LabelledImages images(int... sizes) {
    List<String> names = new ArrayList<>();
    List<byte[]> pixels = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int label = 0; label < sizes.length; label++) {
      names.add("class " + label);
      for (int i = 0; i < sizes[label]; i++) {
        pixels.add(new byte[3]);
        labels.add(label);
      }
    }
    return new LabelledImages(
        "small", 1, names, pixels, labels.stream().mapToInt(Integer::intValue).toArray());
  }
}
