package dev.mekiki.encoding.align;

import dev.mekiki.encoding.opencv.Mats;
import org.opencv.core.Core;
import org.opencv.core.Mat;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// Finds what looks like text laid over a picture: strokes where white meets black within a few
/// pixels. Such parts say nothing about whether the pictures below are the same.
final class Strokes {
  // Grey levels from which on a pixel is white, and up to which it is black.
  private static final double WHITE = 200;
  private static final double BLACK = 60;

  /// Within this many pixels they meet.
  private static final int REACH = 2;

  /// How far around them a comparison of surroundings is spoilt.
  private static final int MARGIN = 5;

  private Strokes() {}

  /// 255 where strokes are or spoil a comparison, 0 elsewhere.
  static Mat mask(Mat grey, Mats mats) {
    Mat white = mats.add();
    Imgproc.threshold(grey, white, WHITE, 255, Imgproc.THRESH_BINARY);
    Mat black = mats.add();
    Imgproc.threshold(grey, black, BLACK, 255, Imgproc.THRESH_BINARY_INV);
    dilate(white, REACH, mats);
    dilate(black, REACH, mats);
    Mat strokes = mats.add();
    Core.bitwise_and(white, black, strokes);
    dilate(strokes, MARGIN, mats);
    return strokes;
  }

  private static void dilate(Mat mask, int radius, Mats mats) {
    int side = 2 * radius + 1;
    Mat kernel = mats.add(Imgproc.getStructuringElement(Imgproc.MORPH_RECT, new Size(side, side)));
    Imgproc.dilate(mask, mask, kernel);
  }
}
