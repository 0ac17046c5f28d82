package dev.mekiki.training.evaluation;

import dev.mekiki.encoding.EncoderSettings;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.encoding.decode.ImageDecoder;
import java.util.Base64;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.core.MatOfInt;
import org.opencv.core.Size;
import org.opencv.imgcodecs.Imgcodecs;
import org.opencv.imgproc.Imgproc;

/// Image files of pixels. Thread-safe.
public final class Pixels {
  /// Pixels: how large pictures are shown.
  private static final int SHOWN_SIDE = 96;

  // Also loads OpenCV.
  private static final ImageDecoder DECODER = decoder();

  private Pixels() {}

  private static ImageDecoder decoder() {
    EncoderSettings limits = EncoderSettings.defaults();
    return new ImageDecoder(limits.maxBytes(), limits.maxPixels());
  }

  /// The picture of an image file, as serving sees it.
  static DecodedImage decoded(byte[] file) throws BadImageException {
    return DECODER.decode(file);
  }

  /// A PNG of exactly these pixels.
  ///
  /// @param rgb side x side x (red, green, blue), row-major
  public static byte[] png(byte[] rgb, int side) {
    Mat mat = new Mat(side, side, CvType.CV_8UC3);
    try {
      mat.put(0, 0, rgb);
      Imgproc.cvtColor(mat, mat, Imgproc.COLOR_RGB2BGR);
      return file(mat, ".png");
    } finally {
      mat.release();
    }
  }

  /// @param bgr 8 bits, 3 channels
  /// @param quality 0 to 100
  static byte[] jpeg(Mat bgr, int quality) {
    return file(bgr, ".jpg", Imgcodecs.IMWRITE_JPEG_QUALITY, quality);
  }

  /// A picture of at most 96 px to put into a page, as a `data:` address.
  public static String dataAddress(byte[] file) throws BadImageException {
    try (DecodedImage image = decoded(file)) {
      Mat bgr = image.bgr();
      double scale = (double) SHOWN_SIDE / Math.max(bgr.cols(), bgr.rows());
      if (scale >= 1) {
        return address("image/png", file(bgr, ".png"));
      }
      Size size =
          new Size(
              Math.max(1, Math.round(bgr.cols() * scale)),
              Math.max(1, Math.round(bgr.rows() * scale)));
      Mat small = new Mat();
      try {
        Imgproc.resize(bgr, small, size, 0, 0, Imgproc.INTER_AREA);
        return address("image/jpeg", jpeg(small, 85));
      } finally {
        small.release();
      }
    }
  }

  private static String address(String contentType, byte[] file) {
    return "data:%s;base64,%s".formatted(contentType, Base64.getEncoder().encodeToString(file));
  }

  private static byte[] file(Mat bgr, String extension, int... parameters) {
    MatOfByte file = new MatOfByte();
    MatOfInt options = new MatOfInt(parameters);
    try {
      if (!Imgcodecs.imencode(extension, bgr, file, options)) {
        throw new IllegalStateException("picture: not encoded");
      }
      return file.toArray();
    } finally {
      options.release();
      file.release();
    }
  }
}
