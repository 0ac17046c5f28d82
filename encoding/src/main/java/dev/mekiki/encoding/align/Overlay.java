package dev.mekiki.encoding.align;

import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.hashing.landmark.AffineMap;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Point;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// Finds half-transparent text that lies over one of two pictures: strokes that are all lighter, or
/// all darker, than the other picture, which is the same around them.
final class Overlay {
  // Grey levels by which strokes differ at least, and by which the same pixels differ at most.
  private static final double STROKE = 16;
  private static final double SAME = 10;

  /// Strokes are thinner, in pixels.
  private static final int THICK = 9;

  /// Side of the surroundings that must be the same, in pixels, and for what share.
  private static final int SURROUNDINGS = 25;

  private static final double MIN_SAME = 0.4;

  /// Of the strokes, what may differ the other way.
  private static final double MAX_OTHERS = 0.25;

  private static final int ROUNDS = 3;
  private static final double OUTLIER = 15;

  private Overlay() {}

  /// 255 where text is or spoils a comparison, in the second picture. Empty if there is none.
  static Mat mask(AlignedPicture first, AlignedPicture second, AffineMap map, Mats mats) {
    Mat target = Warp.target(second, map, mats);
    Mat warped = Warp.grey(first, map, target.size(), mats);
    Mat cover = Warp.mask(first, map, target.size(), mats);
    Mat difference = difference(warped, target, cover, mats);
    Mat lighter = mats.add();
    Core.inRange(difference, new Scalar(STROKE), new Scalar(1e4), lighter);
    Mat darker = mats.add();
    Core.inRange(difference, new Scalar(-1e4), new Scalar(-STROKE), darker);
    Core.bitwise_and(lighter, cover, lighter);
    Core.bitwise_and(darker, cover, darker);
    int light = Core.countNonZero(lighter);
    int dark = Core.countNonZero(darker);
    if (Math.min(light, dark) > MAX_OTHERS * Math.max(light, dark) || Math.max(light, dark) == 0) {
      return mats.add();
    }
    Mat strokes = light > dark ? lighter : darker;
    Mat thick = mats.add();
    Mat square =
        mats.add(Imgproc.getStructuringElement(Imgproc.MORPH_RECT, new Size(THICK, THICK)));
    Imgproc.morphologyEx(strokes, thick, Imgproc.MORPH_OPEN, square);
    Core.subtract(strokes, thick, strokes);
    Mat same = mats.add();
    Core.inRange(difference, new Scalar(-SAME), new Scalar(SAME), same);
    Mat share = mats.add();
    Imgproc.boxFilter(
        same,
        share,
        CvType.CV_32F,
        new Size(SURROUNDINGS, SURROUNDINGS),
        new Point(-1, -1),
        true,
        Core.BORDER_REFLECT);
    Mat quiet = mats.add();
    Core.inRange(share, new Scalar(MIN_SAME * 255), new Scalar(1e4), quiet);
    Core.bitwise_and(strokes, quiet, strokes);
    return Strokes.dilated(strokes, Strokes.MARGIN, mats);
  }

  /// The first less the second, whose lightness and contrast are made those of the first.
  private static Mat difference(Mat first, Mat second, Mat cover, Mats mats) {
    byte[] a = Mats.bytes(first);
    byte[] b = Mats.bytes(second);
    byte[] covered = Mats.bytes(cover);
    double gain = 1;
    double offset = 0;
    for (int round = 0; round < ROUNDS; round++) {
      double n = 0;
      double sumX = 0;
      double sumY = 0;
      double sumXx = 0;
      double sumXy = 0;
      for (int i = 0; i < a.length; i++) {
        int x = b[i] & 0xFF;
        int y = a[i] & 0xFF;
        if (covered[i] != 0 && (round == 0 || Math.abs(y - gain * x - offset) < OUTLIER)) {
          n++;
          sumX += x;
          sumY += y;
          sumXx += x * x;
          sumXy += x * y;
        }
      }
      double variance = n * sumXx - sumX * sumX;
      gain = variance > 0 ? Math.clamp((n * sumXy - sumX * sumY) / variance, 0.6, 1.7) : 1;
      offset = n > 0 ? (sumY - gain * sumX) / n : 0;
    }
    Mat adjusted = mats.add();
    second.convertTo(adjusted, CvType.CV_32F, gain, offset);
    Mat difference = mats.add();
    Core.subtract(first, adjusted, difference, new Mat(), CvType.CV_32F);
    return difference;
  }
}
