package dev.mekiki.encoding.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mekiki.encoding.TestImages;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.encoding.decode.ImageDecoder;
import dev.mekiki.encoding.preprocess.Preprocessing.Colour;
import dev.mekiki.encoding.preprocess.Preprocessing.Standardisation;
import dev.mekiki.encoding.preprocess.Preprocessing.View;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.imgproc.Imgproc;

final class PreprocessorTest {
  private static final int SIZE = 32;

  private final ImageDecoder decoder = new ImageDecoder(16 << 20, 100_000_000);

  @Test
  void samePictureGivesTheSameInput() throws Exception {
    byte[] file = TestImages.jpeg(TestImages.scene(1, 500, 400), 0.9f);

    assertThat(input(file, Preprocessing.luma(SIZE)))
        .isEqualTo(input(file, Preprocessing.luma(SIZE)))
        .hasSize(2 * SIZE * SIZE);
  }

  @Test
  void greyCopyGivesTheSameLuma() throws Exception {
    BufferedImage scene = TestImages.scene(1, 500, 400);
    BufferedImage grey = new BufferedImage(500, 400, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 400; y++) {
      for (int x = 0; x < 500; x++) {
        int rgb = scene.getRGB(x, y);
        grey.setRGB(x, y, Luma.of(rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF) * 0x010101);
      }
    }

    assertThat(input(TestImages.file(grey, "png"), Preprocessing.luma(SIZE)))
        .isEqualTo(input(TestImages.file(scene, "png"), Preprocessing.luma(SIZE)));
  }

  @Test
  void lumaAgreesWithOpenCvOnEveryColour() {
    Random random = new Random(7);
    byte[] bgr = new byte[3 * 4096];
    random.nextBytes(bgr);
    Mat colours = new Mat(1, 4096, CvType.CV_8UC3);
    Mat luma = new Mat();
    try {
      colours.put(0, 0, bgr);
      Imgproc.cvtColor(colours, luma, Imgproc.COLOR_BGR2GRAY);
      byte[] expected = new byte[4096];
      luma.get(0, 0, expected);
      for (int i = 0; i < 4096; i++) {
        assertThat(Luma.of(bgr[3 * i + 2] & 0xFF, bgr[3 * i + 1] & 0xFF, bgr[3 * i] & 0xFF))
            .isEqualTo(expected[i] & 0xFF);
      }
    } finally {
      luma.release();
      colours.release();
    }
  }

  @Test
  void imageStandardisationForgetsLinearChangesOfBrightness() {
    Preprocessor preprocessor = new Preprocessor(Preprocessing.luma(SIZE));
    Random random = new Random(7);
    float[] pixels = new float[SIZE * SIZE];
    float[] brighter = new float[SIZE * SIZE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 200 * random.nextFloat();
      brighter[i] = 1.2f * pixels[i] + 10;
    }

    float[] input = new float[pixels.length];
    float[] brighterInput = new float[pixels.length];
    preprocessor.standardise(pixels, input, 0);
    preprocessor.standardise(brighter, brighterInput, 0);

    assertThat(brighterInput).containsExactly(input, within(1e-4f));
  }

  @Test
  void flatPictureStaysFlat() {
    Preprocessor preprocessor = new Preprocessor(Preprocessing.luma(SIZE));
    float[] pixels = new float[SIZE * SIZE];
    pixels[5] = 1;
    float[] input = new float[pixels.length];

    preprocessor.standardise(pixels, input, 0);

    assertThat(input[5]).isLessThan(0.5f);
  }

  @Test
  void dataSetStandardisationUsesItsConstantsForRedGreenAndBlue() throws Exception {
    BufferedImage picture = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 64; y++) {
      for (int x = 0; x < 64; x++) {
        picture.setRGB(x, y, 0xFF8000);
      }
    }
    Preprocessing preprocessing =
        new Preprocessing(
            Preprocessing.VERSION,
            SIZE,
            Colour.RGB,
            Standardisation.DATASET,
            List.of(0.5f, 0.5f, 0.25f),
            List.of(0.25f, 0.25f, 0.5f),
            List.of(View.WHOLE));

    float[] input = input(TestImages.file(picture, "png"), preprocessing);

    assertThat(input).hasSize(3 * SIZE * SIZE);
    assertThat(new float[] {input[0], input[1], input[2]})
        .containsExactly(new float[] {2, (128 / 255f - 0.5f) * 4, -0.5f}, within(1e-5f));
  }

  @Test
  void viewsFollowOneAnother() throws Exception {
    Preprocessing views = luma(Preprocessing.VERSION, View.WHOLE, View.MIRRORED, View.SMOOTHED);

    float[] input = input(TestImages.jpeg(TestImages.scene(2, 300, 300), 0.9f), views);

    assertThat(input).hasSize(3 * SIZE * SIZE);
    assertThat(input[SIZE * SIZE]).isEqualTo(input[SIZE - 1]);
    assertThat(input[2 * SIZE * SIZE + 40]).isNotEqualTo(input[40]);
  }

  @Test
  void trimmedViewIsThePictureWithoutItsMargins() {
    Preprocessor preprocessor =
        new Preprocessor(
            new Preprocessing(
                Preprocessing.BILINEAR,
                SIZE,
                Colour.LUMA,
                Standardisation.DATASET,
                List.of(0f),
                List.of(1f),
                List.of(View.TRIMMED_12, View.TRIMMED_12_MIRRORED)));
    float[] slope = new float[SIZE * SIZE];
    for (int i = 0; i < slope.length; i++) {
      slope[i] = 4 * (i % SIZE) + i / SIZE;
    }

    float[] input = preprocessor.input(slope);

    // A slope enlarged bilinearly is that slope at the places looked at.
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        double from = 0.12 * SIZE - 0.5;
        double scale = 1 - 2 * 0.12;
        double expected = (4 * (from + (x + 0.5) * scale) + from + (y + 0.5) * scale) / 255;
        assertThat((double) input[y * SIZE + x]).isCloseTo(expected, within(1e-4));
        assertThat(input[SIZE * SIZE + y * SIZE + SIZE - 1 - x]).isEqualTo(input[y * SIZE + x]);
      }
    }
  }

  @Test
  void trimmedViewsOfLargerPicturesAreAsSharpAsTheWhole() {
    int side = 50;
    Mat picture = stripes(side);
    Mat cut = picture.submat(6, side - 6, 6, side - 6);
    try {
      Preprocessing newest = Preprocessing.luma(SIZE).over(List.of(View.TRIMMED_12));
      Preprocessing whole = Preprocessing.luma(SIZE);

      assertThat(newest.version()).isEqualTo(Preprocessing.VERSION);
      assertThat(new Preprocessor(newest).input(picture))
          .containsExactly(new Preprocessor(whole.over(List.of(View.WHOLE))).input(cut));
      assertThat(new Preprocessor(newest).view(picture, View.TRIMMED_12))
          .isNotEqualTo(
              new Preprocessor(luma(Preprocessing.BILINEAR, View.TRIMMED_12))
                  .view(picture, View.TRIMMED_12));
    } finally {
      cut.release();
      picture.release();
    }
  }

  @Test
  void trimmedViewsThatWouldBeEnlargedShowTheWhole() {
    Preprocessor newest =
        new Preprocessor(
            Preprocessing.luma(SIZE).over(List.of(View.TRIMMED_12, View.TRIMMED_12_MIRRORED)));
    Preprocessor whole = new Preprocessor(luma(Preprocessing.VERSION, View.WHOLE, View.MIRRORED));
    // Without 5 on each side there are 32 left of 42, and 31 of 41.
    for (int side : new int[] {20, SIZE, 41, 42}) {
      Mat picture = stripes(side);
      try {
        float[] expected = whole.input(picture);
        if (side < 42) {
          assertThat(newest.input(picture)).containsExactly(expected);
        } else {
          assertThat(newest.input(picture)).isNotEqualTo(expected);
        }
      } finally {
        picture.release();
      }
    }
    float[] pixels = new float[SIZE * SIZE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i % 251;
    }
    assertThat(newest.input(pixels)).containsExactly(whole.input(pixels));
  }

  @Test
  void viewsThatAreNotTrimmedLeaveTheRulesAsTheyAre() {
    assertThat(
            Preprocessing.luma(SIZE).over(List.of(View.WHOLE, View.SHIFTED_UP_MIRRORED)).version())
        .isEqualTo(Preprocessing.AREA_AVERAGING);
  }

  @Test
  void shiftedViewsLookPastTwoEdgesAndReflectThePictureThere() {
    Mat picture = new Mat(SIZE, SIZE, CvType.CV_8UC1);
    byte[] pixels = new byte[SIZE * SIZE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i % SIZE * 3 + i / SIZE);
    }
    try {
      picture.put(0, 0, pixels);
      Preprocessor preprocessor = new Preprocessor(Preprocessing.luma(SIZE));
      int shift = SIZE / 16;
      int last = SIZE - 1;

      float[] up = preprocessor.view(picture, View.SHIFTED_UP);
      float[] down = preprocessor.view(picture, View.SHIFTED_DOWN);
      float[] mirrored = preprocessor.view(picture, View.SHIFTED_DOWN_MIRRORED);

      assertThat(up[0]).isEqualTo(pixels[shift * SIZE + shift]);
      assertThat(up[shift * SIZE + shift]).isEqualTo(pixels[0]);
      assertThat(up[last * SIZE + last])
          .isEqualTo(pixels[(last - shift) * SIZE + last - shift] & 0xFF);
      assertThat(down[0]).isEqualTo(pixels[shift * SIZE + shift]);
      assertThat(down[last * SIZE + last])
          .isEqualTo(pixels[(last - shift) * SIZE + last - shift] & 0xFF);
      assertThat(mirrored[last]).isEqualTo(down[0]);
    } finally {
      picture.release();
    }
  }

  private static Mat stripes(int side) {
    Mat picture = new Mat(side, side, CvType.CV_8UC1);
    byte[] pixels = new byte[side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i % side / 3 % 2 * 200);
    }
    picture.put(0, 0, pixels);
    return picture;
  }

  @Test
  void optionsThatDoNotFitAreRefused() {
    assertThatThrownBy(() ->
            new Preprocessing(
                4,
                SIZE,
                Colour.LUMA,
                Standardisation.IMAGE,
                List.of(),
                List.of(),
                List.of(View.WHOLE)))
        .hasMessageContaining("preprocessing version: 4 (expected: 1..3");
    assertThatThrownBy(() ->
            new Preprocessing(
                1,
                SIZE,
                Colour.RGB,
                Standardisation.DATASET,
                List.of(0.5f),
                List.of(0.5f),
                List.of(View.WHOLE)))
        .hasMessageContaining("expected: 3 each");
  }

  @Test
  void smallPicturesAreEnlargedBilinearly() {
    // From 8 to 16: a pixel of the result lies a quarter of a pixel left or right of a middle, and
    // outside the first and the last there is nothing but these.
    float[] ramp = new float[8 * 8 * 3];
    for (int y = 0; y < 8; y++) {
      for (int x = 0; x < 8; x++) {
        ramp[(y * 8 + x) * 3] = 8 * x;
        ramp[(y * 8 + x) * 3 + 1] = 16 * y;
      }
    }

    float[] large = new Preprocessor(Preprocessing.backbone(16)).resized(ramp, 8);

    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 16; x++) {
        float along = Math.clamp((x + 0.5f) / 2 - 0.5f, 0, 7);
        float down = Math.clamp((y + 0.5f) / 2 - 0.5f, 0, 7);
        assertThat(large[(y * 16 + x) * 3]).isCloseTo(8 * along, within(1e-4f));
        assertThat(large[(y * 16 + x) * 3 + 1]).isCloseTo(16 * down, within(1e-4f));
        assertThat(large[(y * 16 + x) * 3 + 2]).isZero();
      }
    }
    assertThat(new float[] {large[0], large[3], large[6], large[9]})
        .containsExactly(new float[] {0, 2, 6, 10}, within(1e-4f));
  }

  @Test
  void eachEdgeIsShrunkOrEnlargedOnItsOwn() {
    // 4 high, 16 wide, of columns of 0 and 200 in turn: shrunk to 8, every pixel is their mean.
    Mat picture = new Mat(4, 16, CvType.CV_8UC3);
    byte[] bgr = new byte[4 * 16 * 3];
    for (int i = 0; i < bgr.length; i++) {
      bgr[i] = (byte) (i / 3 % 2 * 200);
    }
    Mat luma = new Mat(4, 16, CvType.CV_8UC1);
    try {
      picture.put(0, 0, bgr);

      float[] input =
          new Preprocessor(
                  new Preprocessing(
                      Preprocessing.VERSION,
                      8,
                      Colour.RGB,
                      Standardisation.DATASET,
                      List.of(0f, 0f, 0f),
                      List.of(1f, 1f, 1f),
                      List.of(View.WHOLE)))
              .input(picture, luma);

      assertThat(input).hasSize(8 * 8 * 3);
      for (float value : input) {
        assertThat(value).isCloseTo(100 / 255f, within(1e-6f));
      }
    } finally {
      luma.release();
      picture.release();
    }
  }

  @Test
  void firstVersionEnlargesToBlocks() {
    float[] step = new float[8 * 8];
    step[0] = 100;

    float[] large = new Preprocessor(Preprocessing.luma(16)).resized(step, 8);

    assertThat(new float[] {large[0], large[1], large[2], large[16], large[17], large[32]})
        .containsExactly(100, 100, 0, 100, 100, 0);
  }

  private float[] input(byte[] file, Preprocessing preprocessing) throws Exception {
    try (DecodedImage image = decoder.decode(file)) {
      return new Preprocessor(preprocessing).input(image.bgr(), image.luma());
    }
  }

  private static Preprocessing luma(int version, View... views) {
    return new Preprocessing(
        version, SIZE, Colour.LUMA, Standardisation.IMAGE, List.of(), List.of(), List.of(views));
  }
}
