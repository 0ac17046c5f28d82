package dev.mekiki.hashing.pdq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.Seeds;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BoxFilterTest {
  private static final long SEED = Seeds.seed(BoxFilterTest.class);

  /// Bit for bit: a mean that is rounded otherwise may turn a bit of a fingerprint.
  @Test
  void pictureIsFilteredAsLineAfterLineWouldBe() {
    for (int number = 0; number < 300; number++) {
      Random random = Seeds.random(SEED, number);
      int columns = 1 + random.nextInt(70);
      int rows = 1 + random.nextInt(70);
      int rowWindow = 1 + random.nextInt(8);
      int columnWindow = 1 + random.nextInt(8);
      int passes = 1 + random.nextInt(3);
      float[] picture = new float[columns * rows];
      for (int i = 0; i < picture.length; i++) {
        picture[i] = 255 * random.nextFloat();
      }
      float[] before = picture.clone();

      float[] filtered =
          new BoxFilter(columns, rows).filtered(picture, rowWindow, columnWindow, passes);

      assertThat(picture).containsExactly(before);
      for (int pass = 0; pass < passes; pass++) {
        float[] along = new float[picture.length];
        for (int row = 0; row < rows; row++) {
          line(before, along, row * columns, columns, 1, rowWindow);
        }
        for (int column = 0; column < columns; column++) {
          line(along, before, column, rows, columns, columnWindow);
        }
      }
      assertThat(filtered).as("world %d", number).containsExactly(before);
    }
  }

  private static void line(float[] in, float[] out, int start, int length, int stride, int window) {
    int ahead = window / 2;
    int behind = window - ahead;
    float sum = 0;
    int count = 0;
    for (int i = 0; i < Math.min(ahead, length); i++) {
      sum += in[start + i * stride];
      count++;
    }
    for (int i = 0; i < length; i++) {
      if (i + ahead < length) {
        sum += in[start + (i + ahead) * stride];
        count++;
      }
      if (i - behind >= 0) {
        sum -= in[start + (i - behind) * stride];
        count--;
      }
      out[start + i * stride] = sum / count;
    }
  }
}
