package dev.mekiki.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.encoding.decode.ImageFormat;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.opencv.core.Core;
import org.opencv.core.Mat;
import org.opencv.imgproc.Imgproc;

final class PictureEditTest {
  @ParameterizedTest
  @CsvSource({
    "JPEG_40, 200, 200",
    "HALF_SIZE, 200, 100",
    "CROP_5, 200, 190",
    "CROP_5, 32, 30",
    "CAPTION, 200, 200",
    "BRIGHTER_20, 200, 200",
    "BLUR, 200, 200",
    "HALF_SIZE, 1, 1",
    "CROP_5, 1, 1",
    "CAPTION, 1, 1",
    "BLUR, 1, 1",
  })
  void copyHasTheSizeOfItsEdit(PictureEdit edit, int before, int after) throws BadImageException {
    try (DecodedImage image = Pixels.decoded(picture(before));
        DecodedImage copy = Pixels.decoded(edit.file(image.bgr()))) {
      assertThat(copy.format()).isEqualTo(ImageFormat.JPEG);
      assertThat(copy.width()).isEqualTo(after);
      assertThat(copy.height()).isEqualTo(after);
    }
  }

  @ParameterizedTest
  @EnumSource(PictureEdit.class)
  void originalIsLeftAsItIsAndTheCopyDiffers(PictureEdit edit) throws BadImageException {
    try (DecodedImage image = Pixels.decoded(picture(64));
        DecodedImage again = Pixels.decoded(picture(64));
        DecodedImage copy = Pixels.decoded(edit.file(image.bgr()))) {
      assertThat(Core.norm(image.bgr(), again.bgr())).isZero();
      Mat sameSize = new Mat();
      Imgproc.resize(copy.bgr(), sameSize, image.bgr().size());
      assertThat(Core.norm(image.bgr(), sameSize)).isPositive();
      sameSize.release();
    }
  }

  @Test
  void brighterIsAFifthBrighter() throws BadImageException {
    byte[] grey = new byte[3 * 64 * 64];
    Arrays.fill(grey, (byte) 100);
    try (DecodedImage image = Pixels.decoded(Pixels.png(grey, 64));
        DecodedImage copy = Pixels.decoded(PictureEdit.BRIGHTER_20.file(image.bgr()))) {
      assertThat(Core.mean(copy.luma()).val[0]).isBetween(119.0, 121.0);
    }
  }

  @Test
  void pngHoldsThePixelsInTheirOrder() throws BadImageException {
    byte[] rgb = new byte[3 * 2 * 2];
    rgb[0] = (byte) 200;
    rgb[4] = 100;
    rgb[8] = 50;
    try (DecodedImage image = Pixels.decoded(Pixels.png(rgb, 2))) {
      assertThat(image.bgr().get(0, 0)).containsExactly(0, 0, 200);
      assertThat(image.bgr().get(0, 1)).containsExactly(0, 100, 0);
      assertThat(image.bgr().get(1, 0)).containsExactly(50, 0, 0);
    }
  }

  @Test
  void shownPicturesAreDataAddressesOfAtMost96Pixels() throws BadImageException {
    String small = Pixels.dataAddress(picture(32));
    String large = Pixels.dataAddress(picture(300));

    assertThat(small).startsWith("data:image/png;base64,");
    assertThat(large).startsWith("data:image/jpeg;base64,");
    byte[] file = Base64.getDecoder().decode(large.substring(large.indexOf(',') + 1));
    try (DecodedImage image = Pixels.decoded(file)) {
      assertThat(image.width()).isEqualTo(96);
    }
  }

  private static byte[] picture(int side) {
    byte[] rgb = new byte[3 * side * side];
    new Random(3).nextBytes(rgb);
    return Pixels.png(rgb, side);
  }
}
