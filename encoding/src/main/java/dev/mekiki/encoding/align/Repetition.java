package dev.mekiki.encoding.align;

import dev.mekiki.encoding.opencv.Mats;
import org.opencv.core.Core;
import org.opencv.core.Mat;
import org.opencv.core.MatOfDouble;
import org.opencv.core.Point;
import org.opencv.core.Rect;
import org.opencv.core.Scalar;
import org.opencv.imgproc.Imgproc;

/// Whether a picture repeats itself, as tiles and cloth do: one such picture lies over another at
/// many places, and where both are cut, agreement proves nothing.
final class Repetition {
  /// Level of the pyramid that is looked at.
  private static final int LEVEL = 1;

  private static final int SIDE = 14;
  private static final int BLOCKS_ACROSS = 4;
  private static final double MIN_DEVIATION = 6;
  private static final double MIN_CORRELATION = 0.95;

  /// Share of the blocks that are found elsewhere, too.
  private static final double MIN_SHARE = 0.75;

  private Repetition() {}

  static boolean isIn(AlignedPicture picture) {
    Mat grey = picture.greys().get(Math.min(LEVEL, picture.greys().size() - 1));
    if (Math.min(grey.cols(), grey.rows()) < 2 * SIDE) {
      return false;
    }
    int tested = 0;
    int repeated = 0;
    try (Mats mats = new Mats()) {
      MatOfDouble mean = mats.add(new MatOfDouble());
      MatOfDouble deviation = mats.add(new MatOfDouble());
      for (int i = 0; i < BLOCKS_ACROSS * BLOCKS_ACROSS; i++) {
        int x = (grey.cols() - SIDE) * (i % BLOCKS_ACROSS) / (BLOCKS_ACROSS - 1);
        int y = (grey.rows() - SIDE) * (i / BLOCKS_ACROSS) / (BLOCKS_ACROSS - 1);
        Mat block = mats.add(grey.submat(new Rect(x, y, SIDE, SIDE)));
        Core.meanStdDev(block, mean, deviation);
        if (deviation.get(0, 0)[0] >= MIN_DEVIATION) {
          tested++;
          repeated += isElsewhere(grey, block, x, y, mats) ? 1 : 0;
        }
      }
    }
    return tested > 0 && repeated >= MIN_SHARE * tested;
  }

  private static boolean isElsewhere(Mat grey, Mat block, int x, int y, Mats mats) {
    Mat correlation = mats.add();
    Imgproc.matchTemplate(grey, block, correlation, Imgproc.TM_CCOEFF_NORMED);
    int half = SIDE / 2;
    Imgproc.rectangle(
        correlation,
        new Point(x - half, y - half),
        new Point(x + half, y + half),
        new Scalar(-1),
        -1);
    return Core.minMaxLoc(correlation).maxVal >= MIN_CORRELATION;
  }
}
