package dev.mekiki.hashing.pdq;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class BordersTest {
  private final Random random = new Random();

  @RepeatedTest(50)
  void bordersAreFoundAndWhatIsLeftIsThePicture() {
    int width = random.nextInt(40, 200);
    int height = random.nextInt(40, 200);
    float[] picture = noise(width, height);
    Borders borders =
        new Borders(random.nextInt(3, 30), random.nextInt(3, 30), random.nextInt(3, 30), 0);
    float colour = random.nextInt(256);
    float[] framed = framed(picture, width, height, borders, colour);

    Borders found =
        Borders.of(
            framed,
            width + borders.left() + borders.right(),
            height + borders.top() + borders.bottom());

    assertThat(found).isEqualTo(borders);
    assertThat(
            found.trimmed(
                framed,
                width + borders.left() + borders.right(),
                height + borders.top() + borders.bottom()))
        .isEqualTo(picture);
  }

  @Test
  void eachSideMayHaveAColourOfItsOwnAndNoiseAndSpecksAreBorderToo() {
    float[] picture = noise(100, 100);
    for (int i = 0; i < 100; i++) {
      for (int row = 0; row < 10; row++) {
        picture[row * 100 + i] = 250 + random.nextInt(6);
        picture[(99 - row) * 100 + i] = random.nextInt(6);
      }
    }
    picture[5 * 100 + 50] = 90;

    assertThat(Borders.of(picture, 100, 100)).isEqualTo(new Borders(0, 10, 0, 10));
  }

  @Test
  void flatPictureAndPictureWithoutBordersHaveNone() {
    float[] flat = new float[60 * 80];
    Arrays.fill(flat, 128);

    assertThat(Borders.of(flat, 60, 80).isNone()).isTrue();
    assertThat(Borders.of(noise(60, 80), 60, 80).isNone()).isTrue();
    assertThat(Borders.of(new float[] {7}, 1, 1).isNone()).isTrue();
  }

  private float[] noise(int width, int height) {
    float[] picture = new float[width * height];
    for (int i = 0; i < picture.length; i++) {
      picture[i] = random.nextInt(256);
    }
    return picture;
  }

  private static float[] framed(
      float[] picture, int width, int height, Borders borders, float colour) {
    int columns = width + borders.left() + borders.right();
    float[] framed = new float[columns * (height + borders.top() + borders.bottom())];
    Arrays.fill(framed, colour);
    for (int row = 0; row < height; row++) {
      System.arraycopy(
          picture, row * width, framed, (borders.top() + row) * columns + borders.left(), width);
    }
    return framed;
  }
}
