package dev.mekiki.encoding.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.encoding.TestImages;
import dev.mekiki.encoding.decode.BadImageException.Reason;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opencv.core.Mat;

class PartialJpegTest {
  private final ImageDecoder decoder =
      new ImageDecoder(new DecodeLimits(8 << 20, 20_000_000, true));

  @ParameterizedTest
  @CsvSource({"400, 300, 80", "400, 300, 95", "301, 203, 85", "2400, 1800, 80"})
  void rowsThatAreThereAreThoseOfTheWholePicture(int width, int height, int percent)
      throws Exception {
    byte[] file = TestImages.jpeg(TestImages.scene(7, width, height), 0.9f);
    byte[] cut = Arrays.copyOf(file, file.length * percent / 100);
    int least = height * percent / 200;

    try (DecodedImage whole = decoder.decode(file);
        DecodedImage part = decoder.decode(cut)) {
      assertThat(part.partial()).isTrue();
      assertThat(whole.partial()).isFalse();
      assertThat(part.width()).isEqualTo(width);
      assertThat(part.height()).isBetween(least, height - 1);
      if (width <= ImageDecoder.LARGEST_SIDE) {
        Mat same = whole.bgr().rowRange(0, part.height());
        assertThat(bytes(part.bgr())).isEqualTo(bytes(same.clone()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 20})
  void lessThanHalfOfTheRowsIsRefused(int percent) throws Exception {
    byte[] file = TestImages.jpeg(TestImages.scene(7, 400, 300), 0.9f);
    byte[] cut = Arrays.copyOf(file, file.length * percent / 100);

    assertThatThrownBy(() -> decoder.decode(cut))
        .isInstanceOfSatisfying(
            BadImageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNDECODABLE));
  }

  @Test
  void progressiveOneIsWholeAfterItsFirstScan() throws Exception {
    byte[] file = progressive(TestImages.scene(7, 400, 300));
    byte[] cut = Arrays.copyOf(file, file.length * 9 / 10);

    try (DecodedImage part = decoder.decode(cut)) {
      assertThat(part.partial()).isTrue();
      assertThat(part.height()).isEqualTo(300);
    }
  }

  @Test
  void withoutTheSettingItIsRefused() throws Exception {
    byte[] file = TestImages.jpeg(TestImages.scene(7, 400, 300), 0.9f);
    byte[] cut = Arrays.copyOf(file, file.length * 9 / 10);
    ImageDecoder strict = new ImageDecoder(8 << 20, 20_000_000);

    assertThatThrownBy(() -> strict.decode(cut)).hasMessageContaining("cut short");
  }

  private static byte[] bytes(Mat bgr) {
    byte[] bytes = new byte[3 * bgr.rows() * bgr.cols()];
    bgr.get(0, 0, bytes);
    return bytes;
  }

  private static byte[] progressive(BufferedImage image) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
