package dev.mekiki.encoding.align;

import dev.mekiki.encoding.opencv.Mats;
import java.util.ArrayList;
import java.util.List;
import org.opencv.core.Core;
import org.opencv.core.Mat;
import org.opencv.core.MatOfDouble;
import org.opencv.core.Point;
import org.opencv.core.Rect;
import org.opencv.imgproc.Imgproc;

/// Where the blocks of a picture are found in another one that is laid over it, to a fraction of a
/// pixel: the peak of a parabola through the correlations around the best place.
///
/// @param found middles of the blocks in the picture laid over the other
/// @param places their middles in the other
record Displacements(List<Point> found, List<Point> places) {
  private static final int SIDE = 24;

  /// Least standard deviation of a block that has texture, in grey levels.
  private static final double MIN_DEVIATION = 6;

  /// How blocks are looked for.
  ///
  /// @param reach how far from its place a block is looked for, in pixels
  /// @param step from one block to the next, in pixels
  /// @param minCorrelation least normalised correlation of a block that is found
  /// @param minCurvature by how much the correlation falls on both sides of the best place
  ///   together, in either direction, at least: of a block without corners the place is not sure
  record Search(int reach, int step, double minCorrelation, double minCurvature) {}

  /// @param target grey
  /// @param laidOver grey, of the same size
  /// @param covered 255 where the target is covered
  static Displacements measure(Mat target, Mat laidOver, Mat covered, Search search) {
    Displacements all = new Displacements(new ArrayList<>(), new ArrayList<>());
    int reach = search.reach();
    int window = SIDE + 2 * reach;
    byte[] cover = Mats.bytes(covered);
    try (Mats mats = new Mats()) {
      MatOfDouble mean = mats.add(new MatOfDouble());
      MatOfDouble deviation = mats.add(new MatOfDouble());
      Mat correlations = mats.add();
      for (int y = 0; y + window <= target.rows(); y += search.step()) {
        for (int x = 0; x + window <= target.cols(); x += search.step()) {
          if (!Warp.isCovered(cover, target.cols(), x, y, window)) {
            continue;
          }
          Mat block = mats.add(target.submat(new Rect(x + reach, y + reach, SIDE, SIDE)));
          Core.meanStdDev(block, mean, deviation);
          if (deviation.get(0, 0)[0] >= MIN_DEVIATION) {
            Mat around = mats.add(laidOver.submat(new Rect(x, y, window, window)));
            Imgproc.matchTemplate(around, block, correlations, Imgproc.TM_CCOEFF_NORMED);
            all.add(x, y, correlations, search);
          }
        }
      }
    }
    return all;
  }

  private void add(int x, int y, Mat correlations, Search search) {
    Core.MinMaxLocResult best = Core.minMaxLoc(correlations);
    int column = (int) best.maxLoc.x;
    int row = (int) best.maxLoc.y;
    int last = 2 * search.reach();
    if (best.maxVal < search.minCorrelation()
        || Math.min(column, row) == 0
        || Math.max(column, row) == last) {
      return;
    }
    double left = correlations.get(row, column - 1)[0];
    double right = correlations.get(row, column + 1)[0];
    double above = correlations.get(row - 1, column)[0];
    double below = correlations.get(row + 1, column)[0];
    double across = 2 * best.maxVal - left - right;
    double down = 2 * best.maxVal - above - below;
    if (Math.min(across, down) < Math.max(search.minCurvature(), Double.MIN_NORMAL)) {
      return;
    }
    double half = SIDE / 2.0;
    found.add(
        new Point(
            x + column + (right - left) / (2 * across) + half,
            y + row + (below - above) / (2 * down) + half));
    places.add(new Point(x + search.reach() + half, y + search.reach() + half));
  }

  int size() {
    return found.size();
  }
}
