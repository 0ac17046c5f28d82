package dev.mekiki.encoding;

import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.core.MatOfInt;
import org.opencv.core.Size;
import org.opencv.imgcodecs.Imgcodecs;
import org.opencv.imgproc.Imgproc;

/// Makes small JPEGs of pictures, for pages that show them. Thread-safe.
public final class Thumbnailer {
  private static final int QUALITY = 65;

  private final int longestSide;

  /// @param longestSide pixels; 0 makes no thumbnails
  public Thumbnailer(int longestSide) {
    this.longestSide = longestSide;
  }

  /// A JPEG of at most the longest side; smaller pictures are not enlarged.
  ///
  /// @return no bytes where thumbnails are switched off
  public byte[] thumbnail(Mat bgr) {
    if (longestSide == 0) {
      return new byte[0];
    }
    double scale = Math.min(1, (double) longestSide / Math.max(bgr.cols(), bgr.rows()));
    Size size =
        new Size(
            Math.max(1, Math.round(bgr.cols() * scale)),
            Math.max(1, Math.round(bgr.rows() * scale)));
    Mat small = new Mat();
    MatOfByte jpeg = new MatOfByte();
    // Huffman tables of its own make a picture this small some 6 % smaller, at no loss.
    MatOfInt parameters =
        new MatOfInt(Imgcodecs.IMWRITE_JPEG_QUALITY, QUALITY, Imgcodecs.IMWRITE_JPEG_OPTIMIZE, 1);
    try {
      Imgproc.resize(bgr, small, size, 0, 0, Imgproc.INTER_AREA);
      if (!Imgcodecs.imencode(".jpg", small, jpeg, parameters)) {
        throw new IllegalStateException("thumbnail: not encoded");
      }
      return jpeg.toArray();
    } finally {
      parameters.release();
      jpeg.release();
      small.release();
    }
  }
}
