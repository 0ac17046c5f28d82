package dev.mekiki.encoding.decode;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.encoding.TestImages;
import dev.mekiki.encoding.decode.BadImageException.Reason;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opencv.core.Core;
import org.opencv.core.Mat;
import org.opencv.core.Scalar;

/// AVIF and HEIC against the PNG of the same picture; README.txt beside the files says how they
/// were made.
class HeifFileTest {
  private final ImageDecoder decoder = new ImageDecoder(1 << 20, 2_000_000);

  /// A file of the tests.
  static byte[] file(String name) throws IOException {
    try (InputStream in = requireNonNull(HeifFileTest.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "scene.avif, AVIF, 120, 80, 1.5",
    "twelve-bits.avif, AVIF, 120, 80, 1.5",
    "odd.avif, AVIF, 121, 79, 6",
    "grid.avif, AVIF, 1300, 900, 2",
    "late.avif, AVIF, 120, 80, 1.5",
    "scene.heic, HEIC, 120, 80, 1.5",
    "odd.heic, HEIC, 121, 79, 5"
  })
  void pictureIsItsTwin(String name, ImageFormat format, int width, int height, double most)
      throws Exception {
    try (DecodedImage image = decoder.decode(file(name));
        DecodedImage twin = decoder.decode(png(TestImages.scene(3, width, height)))) {
      assertThat(image.format()).isEqualTo(format);
      assertThat(image.width()).isEqualTo(width);
      assertThat(image.height()).isEqualTo(height);
      assertThat(difference(image.bgr(), twin.bgr())).isLessThan(most);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"avif", "heic"})
  void everyOrientationIsItsUprightTwin(String format) throws Exception {
    for (int number = 2; number <= 8; number++) {
      byte[] file = file("turned-%d.%s".formatted(number, format));
      try (DecodedImage image = decoder.decode(file);
          DecodedImage twin = decoder.decode(png(TestImages.scene(3, 120, 80)))) {
        Mat upright = Orientation.ofExif(number).apply(twin.bgr().clone());
        assertThat(image.width()).as("orientation %d", number).isEqualTo(upright.cols());
        assertThat(image.height()).isEqualTo(upright.rows());
        assertThat(difference(image.bgr(), upright)).as("orientation %d", number).isLessThan(1.5);
        upright.release();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"half.avif", "half.heic"})
  void transparentPartsAreOnWhite(String name) throws Exception {
    BufferedImage half = TestImages.scene(3, 120, 80);
    Graphics2D graphics = half.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, 60, 80);
    graphics.dispose();

    try (DecodedImage image = decoder.decode(file(name));
        DecodedImage twin = decoder.decode(png(half))) {
      assertThat(difference(image.bgr(), twin.bgr())).isLessThan(3);
    }
  }

  /// The same pixels in Display P3, said in three ways.
  @ParameterizedTest
  @ValueSource(strings = {"p3.avif", "icc.avif", "icc.heic"})
  void wideColoursAreConvertedAsThoseOfAPng(String name) throws Exception {
    byte[] plain = png(TestImages.scene(3, 120, 80));
    byte[] wide = ColorProfileTest.pngWithProfile(plain, ColorProfileTest.displayP3());
    try (DecodedImage image = decoder.decode(file(name));
        DecodedImage twin = decoder.decode(wide);
        DecodedImage unconverted = decoder.decode(plain)) {
      assertThat(difference(image.bgr(), twin.bgr())).isLessThan(1.5);
      assertThat(difference(image.bgr(), unconverted.bgr())).isGreaterThan(5);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"scene.avif", "scene.heic", "grid.avif"})
  void cutShortItIsRefused(String name) throws Exception {
    byte[] file = file(name);
    for (int percent : new int[] {5, 20, 50, 90}) {
      byte[] cut = Arrays.copyOf(file, file.length * percent / 100);
      assertThatThrownBy(() -> decoder.decode(cut))
          .as("%d %%", percent)
          .isInstanceOfSatisfying(
              BadImageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNDECODABLE));
    }
  }

  @Test
  void tooManyPixelsAreRefusedBeforeAnyIsDecoded() throws Exception {
    byte[] file = file("grid.avif");
    ImageDecoder strict = new ImageDecoder(1 << 20, 1_000_000);

    assertThatThrownBy(() -> strict.decode(file))
        .isInstanceOfSatisfying(
            BadImageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_PIXELS))
        .hasMessageContaining("1300 x 900");
  }

  @Test
  void brandsThatOnlyNameTheContainerAreLookedThrough() throws Exception {
    byte[] file = file("scene.heic");
    // The first brand is now that of any HEIF; heic stays among the compatible ones.
    System.arraycopy("mif1".getBytes(StandardCharsets.US_ASCII), 0, file, 8, 4);

    assertThat(ImageFormat.of(file)).contains(ImageFormat.HEIC);
  }

  private static byte[] png(BufferedImage image) throws IOException {
    return TestImages.file(image, "png");
  }

  private static double difference(Mat one, Mat other) {
    Mat difference = new Mat();
    Core.absdiff(one, other, difference);
    Scalar mean = Core.mean(difference);
    difference.release();
    return (mean.val[0] + mean.val[1] + mean.val[2]) / 3;
  }
}
