package dev.mekiki.encoding.decode;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.Arrays;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.imgproc.Imgproc;

/// Pictures of any kind of pixels as 8 bits of blue, green and red, transparent parts blended onto
/// white. Stateless.
final class OnWhite {
  private static final int STRIP_ROWS = 64;

  private OnWhite() {}

  /// The pixels of a picture on the Java heap.
  static Mat frame(BufferedImage frame) {
    int width = frame.getWidth();
    Mat pixels = new Mat(frame.getHeight(), width, CvType.CV_8UC3);
    // Strip by strip: a second copy of the whole picture could fill the heap.
    BufferedImage strip =
        new BufferedImage(
            width, Math.min(STRIP_ROWS, frame.getHeight()), BufferedImage.TYPE_3BYTE_BGR);
    byte[] stripBytes = ((DataBufferByte) strip.getRaster().getDataBuffer()).getData();
    Graphics2D graphics = strip.createGraphics();
    try {
      for (int top = 0; top < frame.getHeight(); top += strip.getHeight()) {
        int rows = Math.min(strip.getHeight(), frame.getHeight() - top);
        graphics.drawImage(frame, 0, -top, Color.WHITE, null);
        pixels.put(
            top,
            0,
            rows == strip.getHeight() ? stripBytes : Arrays.copyOf(stripBytes, 3 * width * rows));
      }
    } finally {
      graphics.dispose();
    }
    return pixels;
  }

  /// Any PNG or WebP pixels as 8-bit BGR, transparent parts blended onto white. Releases its
  /// argument unless it is the result.
  static Mat of(Mat pixels) {
    Mat bytes = pixels;
    if (pixels.depth() == CvType.CV_16U) {
      bytes = new Mat();
      pixels.convertTo(bytes, CvType.CV_8U, 1 / 257.0);
      pixels.release();
    }
    if (bytes.channels() == 3) {
      return bytes;
    }
    Mat bgr = new Mat();
    try {
      if (bytes.channels() == 1) {
        Imgproc.cvtColor(bytes, bgr, Imgproc.COLOR_GRAY2BGR);
      } else {
        blend(bytes, bgr);
      }
      return bgr;
    } finally {
      bytes.release();
    }
  }

  private static void blend(Mat bgra, Mat bgr) {
    bgr.create(bgra.rows(), bgra.cols(), CvType.CV_8UC3);
    byte[] source = new byte[4 * bgra.cols()];
    byte[] target = new byte[3 * bgra.cols()];
    for (int row = 0; row < bgra.rows(); row++) {
      bgra.get(row, 0, source);
      for (int x = 0; x < bgra.cols(); x++) {
        int alpha = source[4 * x + 3] & 0xFF;
        for (int c = 0; c < 3; c++) {
          int colour = source[4 * x + c] & 0xFF;
          target[3 * x + c] = (byte) ((colour * alpha + 255 * (255 - alpha) + 127) / 255);
        }
      }
      bgr.put(row, 0, target);
    }
  }
}
