package dev.mekiki.training.augmentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.encoding.preprocess.Preprocessing.View;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomEditsTest {
  private static final int SIDE = 80;

  @ParameterizedTest
  @EnumSource
  void plainPictureIsShrunkByAreas(Preprocessing.Colour colour) {
    Preprocessing preprocessing = preprocessing(colour);
    byte[] picture = noise(colour.channels());

    float[] plain = new RandomEdits(preprocessing, new Random(1)).plain(picture, SIDE, View.WHOLE);

    // A pixel of 16 x 16 stands for 5 x 5 of 80 x 80.
    float sum = 0;
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 5; x++) {
        sum += picture[(y * SIDE + x) * colour.channels()] & 0xFF;
      }
    }
    assertThat(plain).hasSize(16 * 16 * colour.channels());
    assertThat(plain[0]).isCloseTo(sum / 25, Offset.offset(0.01f));
  }

  @ParameterizedTest
  @EnumSource
  void copiesFollowTheSeedStayInRangeAndLeaveThePictureAsItIs(Preprocessing.Colour colour) {
    Preprocessing preprocessing = preprocessing(colour);
    byte[] picture = noise(colour.channels());
    byte[] before = picture.clone();
    RandomEdits first = new RandomEdits(preprocessing, new Random(3));
    RandomEdits second = new RandomEdits(preprocessing, new Random(3));
    float[] plain = first.plain(picture, SIDE, View.WHOLE);
    int different = 0;

    for (int i = 0; i < 200; i++) {
      float[] copy = first.edited(picture, SIDE, View.TRIMMED_12_MIRRORED);

      assertThat(copy).isEqualTo(second.edited(picture, SIDE, View.TRIMMED_12_MIRRORED));
      assertThat(
              IntStream.range(0, copy.length).allMatch(at -> copy[at] > -0.01 && copy[at] < 255.01))
          .isTrue();
      different += Arrays.equals(copy, plain) ? 0 : 1;
    }

    assertThat(different).isGreaterThan(190);
    assertThat(picture).isEqualTo(before);
  }

  private static Preprocessing preprocessing(Preprocessing.Colour colour) {
    return colour == Preprocessing.Colour.LUMA ? Preprocessing.luma(16) : Preprocessing.rgb(16);
  }

  private static byte[] noise(int channels) {
    byte[] picture = new byte[SIDE * SIDE * channels];
    new Random(7).nextBytes(picture);
    return picture;
  }
}
