package dev.mekiki.samples;

import dev.mekiki.encoding.EncoderSettings;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.encoding.decode.ImageDecoder;
import java.awt.image.BufferedImage;
import org.jspecify.annotations.Nullable;
import org.opencv.core.Mat;

/// Reading image files as the encoder does: a copy made from a picture that was read upside down
/// would be another picture.
final class PictureFile {
  private static final ImageDecoder DECODER =
      new ImageDecoder(
          EncoderSettings.defaults().maxBytes(), EncoderSettings.defaults().maxPixels());

  private PictureFile() {}

  /// The picture, upright; null where no encoder could read it.
  static @Nullable BufferedImage decode(byte[] bytes) {
    try (DecodedImage decoded = DECODER.decode(bytes)) {
      Mat bgr = decoded.bgr();
      byte[] channels = new byte[bgr.rows() * bgr.cols() * 3];
      bgr.get(0, 0, channels);
      BufferedImage image = new BufferedImage(bgr.cols(), bgr.rows(), BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < bgr.rows() * bgr.cols(); i++) {
        image.setRGB(
            i % bgr.cols(),
            i / bgr.cols(),
            (channels[3 * i + 2] & 0xFF) << 16
                | (channels[3 * i + 1] & 0xFF) << 8
                | (channels[3 * i] & 0xFF));
      }
      return image;
    } catch (BadImageException e) {
      return null;
    }
  }
}
