package dev.mekiki.encoding.align;

import dev.mekiki.encoding.opencv.Mats;
import org.opencv.core.Core;
import org.opencv.core.Mat;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// Finds what looks like text laid over one of two pictures: strokes where white meets black within
/// a few pixels, and which the other picture does not have. Such parts say nothing about whether
/// the pictures below are the same. Strokes that both have are what the pictures show, as in line
/// art.
final class Strokes {
  // Grey levels from which on a pixel is white, and up to which it is black.
  private static final double WHITE = 200;
  private static final double BLACK = 60;

  /// Within this many pixels they meet.
  private static final int REACH = 2;

  /// How far around them a comparison of surroundings is spoilt.
  static final int MARGIN = 5;

  /// Strokes of one picture are those of the other up to this distance, in pixels.
  private static final int DISPLACEMENT = 5;

  private Strokes() {}

  /// 255 where strokes are, 0 elsewhere.
  static Mat of(Mat grey, Mats mats) {
    Mat white = mats.add();
    Imgproc.threshold(grey, white, WHITE, 255, Imgproc.THRESH_BINARY);
    Mat black = mats.add();
    Imgproc.threshold(grey, black, BLACK, 255, Imgproc.THRESH_BINARY_INV);
    Mat strokes = mats.add();
    Core.bitwise_and(dilated(white, REACH, mats), dilated(black, REACH, mats), strokes);
    return strokes;
  }

  /// 255 where strokes of one picture alone are or spoil a comparison, 0 elsewhere.
  ///
  /// @param first strokes of a picture laid over the second
  /// @param second strokes of the other
  static Mat laidOver(Mat first, Mat second, Mats mats) {
    Mat ofOne = mats.add();
    Core.bitwise_or(without(first, second, mats), without(second, first, mats), ofOne);
    return dilated(ofOne, MARGIN, mats);
  }

  private static Mat without(Mat strokes, Mat others, Mats mats) {
    Mat left = mats.add();
    Core.subtract(strokes, dilated(others, DISPLACEMENT, mats), left);
    return left;
  }

  static Mat dilated(Mat mask, int radius, Mats mats) {
    int side = 2 * radius + 1;
    Mat kernel = mats.add(Imgproc.getStructuringElement(Imgproc.MORPH_RECT, new Size(side, side)));
    Mat dilated = mats.add();
    Imgproc.dilate(mask, dilated, kernel);
    return dilated;
  }
}
