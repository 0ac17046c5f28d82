package dev.mekiki.encoding.align;

import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.hashing.landmark.AffineMap;
import java.util.ArrayList;
import java.util.List;
import org.opencv.calib3d.Calib3d;
import org.opencv.core.Core;
import org.opencv.core.Mat;
import org.opencv.core.MatOfDouble;
import org.opencv.core.MatOfPoint2f;
import org.opencv.core.Point;
import org.opencv.core.Rect;
import org.opencv.imgproc.Imgproc;

/// One round of refining a map: square blocks of the second picture are looked for in the first,
/// laid over it, close to where the map says; an affine map is fitted to what was found.
///
/// @param side of a block, in pixels
/// @param step from one block to the next, in pixels
/// @param reach how far from its place a block is looked for, in pixels
/// @param tolerance how far from the fitted map a block may lie that counts, in pixels
record BlockMatching(int side, int step, int reach, double tolerance) {
  /// Least normalised correlation of a block that is found.
  private static final double MIN_CORRELATION = 0.6;

  /// Least standard deviation of a block that has texture, in grey levels.
  private static final double MIN_DEVIATION = 6;

  /// Share of a block that text may cover.
  private static final double MAX_STROKES = 0.35;

  /// Fewer blocks than this fix a similarity, not an affine map.
  private static final int AFFINE_BLOCKS = 6;

  private static final int MIN_BLOCKS = 3;
  private static final int AFFINE_TRIALS = 200;
  private static final int SIMILARITY_TRIALS = 100;
  private static final int REFINEMENTS = 5;
  private static final double CONFIDENCE = 0.99;

  /// A correction that stretches by more than this went astray.
  private static final double MAX_FACTOR = 1.4;

  private static final double MIN_FACTOR = 0.7;

  /// What a round has found.
  ///
  /// @param map as refined
  /// @param inliers blocks found where the map says; 0 if the round has refined nothing
  /// @param tested blocks with texture in the overlap
  record Round(AffineMap map, int inliers, int tested) {}

  private record Blocks(List<Point> found, List<Point> places, int tested) {}

  Round refine(AlignedPicture first, AlignedPicture second, AffineMap map) {
    try (Mats mats = new Mats()) {
      Mat target = second.grey();
      Mat warped = Warp.grey(first, map, target.size(), mats);
      Mat mask = Warp.mask(first, map, target.size(), mats);
      Blocks blocks = match(target, warped, mask, mats);
      return fit(blocks, map, mats);
    }
  }

  private Blocks match(Mat target, Mat warped, Mat mask, Mats mats) {
    int width = target.cols();
    int height = target.rows();
    byte[] covered = new byte[width * height];
    mask.get(0, 0, covered);
    Mat strokes = Strokes.mask(warped, mats);
    Core.bitwise_or(strokes, Strokes.mask(target, mats), strokes);
    List<Point> found = new ArrayList<>();
    List<Point> places = new ArrayList<>();
    int tested = 0;
    MatOfDouble mean = mats.add(new MatOfDouble());
    MatOfDouble deviation = mats.add(new MatOfDouble());
    Mat correlation = mats.add();
    for (int y = 0; y <= height - side; y += step) {
      for (int x = 0; x <= width - side; x += step) {
        if (!isCovered(covered, width, x, y)) {
          continue;
        }
        Mat block = mats.add(target.submat(new Rect(x, y, side, side)));
        Core.meanStdDev(block, mean, deviation);
        if (deviation.get(0, 0)[0] < MIN_DEVIATION) {
          continue;
        }
        Mat spoilt = mats.add(strokes.submat(new Rect(x, y, side, side)));
        if (Core.mean(spoilt).val[0] > MAX_STROKES * 255) {
          continue;
        }
        tested++;
        int left = Math.max(0, x - reach);
        int top = Math.max(0, y - reach);
        int right = Math.min(width, x + side + reach);
        int bottom = Math.min(height, y + side + reach);
        Mat window = mats.add(warped.submat(new Rect(left, top, right - left, bottom - top)));
        Imgproc.matchTemplate(window, block, correlation, Imgproc.TM_CCOEFF_NORMED);
        Core.MinMaxLocResult best = Core.minMaxLoc(correlation);
        if (best.maxVal >= MIN_CORRELATION) {
          double half = side / 2.0;
          found.add(new Point(left + best.maxLoc.x + half, top + best.maxLoc.y + half));
          places.add(new Point(x + half, y + half));
        }
      }
    }
    return new Blocks(found, places, tested);
  }

  private boolean isCovered(byte[] covered, int width, int x, int y) {
    int right = x + side - 1;
    int bottom = y + side - 1;
    return covered[y * width + x] != 0
        && covered[y * width + right] != 0
        && covered[bottom * width + x] != 0
        && covered[bottom * width + right] != 0;
  }

  private Round fit(Blocks blocks, AffineMap map, Mats mats) {
    Round none = new Round(map, 0, blocks.tested());
    if (blocks.found().size() < MIN_BLOCKS) {
      return none;
    }
    MatOfPoint2f from = mats.add(new MatOfPoint2f());
    from.fromList(blocks.found());
    MatOfPoint2f to = mats.add(new MatOfPoint2f());
    to.fromList(blocks.places());
    Mat inliers = mats.add();
    Mat fitted =
        mats.add(
            blocks.found().size() >= AFFINE_BLOCKS
                ? Calib3d.estimateAffine2D(
                    from,
                    to,
                    inliers,
                    Calib3d.RANSAC,
                    tolerance,
                    AFFINE_TRIALS,
                    CONFIDENCE,
                    REFINEMENTS)
                : Calib3d.estimateAffinePartial2D(
                    from,
                    to,
                    inliers,
                    Calib3d.RANSAC,
                    tolerance,
                    SIMILARITY_TRIALS,
                    CONFIDENCE,
                    REFINEMENTS));
    if (fitted.empty()) {
      return none;
    }
    double[] m = new double[6];
    fitted.get(0, 0, m);
    AffineMap correction = new AffineMap(m[0], m[1], m[2], m[3], m[4], m[5]);
    double root = Math.sqrt(correction.stretch());
    if (correction.scale() * root > MAX_FACTOR || correction.scale() / root < MIN_FACTOR) {
      return none;
    }
    return new Round(map.then(correction), Core.countNonZero(inliers), blocks.tested());
  }
}
