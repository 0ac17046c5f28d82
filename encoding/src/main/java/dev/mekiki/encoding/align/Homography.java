package dev.mekiki.encoding.align;

import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.hashing.landmark.AffineMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.opencv.calib3d.Calib3d;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.MatOfPoint2f;
import org.opencv.core.Point;

/// A map of the plane that keeps lines straight: what a flat picture looks like from elsewhere.
final class Homography {
  private static final double CONFIDENCE = 0.99;

  private final Mat matrix;
  private final double[] values = new double[9];

  private Homography(Mat matrix) {
    this.matrix = matrix;
    matrix.get(0, 0, values);
  }

  /// The one that takes most points to their places, by RANSAC.
  ///
  /// @param from points, at least 4
  /// @param to their places, in the same order
  /// @param tolerance how far from its place a point may end, in pixels
  /// @param inliers takes 1 for each point that does, 0 for others
  /// @return null if there is none
  static @Nullable Homography fit(
      List<Point> from, List<Point> to, double tolerance, int trials, Mat inliers, Mats mats) {
    MatOfPoint2f points = mats.add(new MatOfPoint2f());
    points.fromList(from);
    MatOfPoint2f places = mats.add(new MatOfPoint2f());
    places.fromList(to);
    Mat matrix =
        mats.add(
            Calib3d.findHomography(
                points, places, Calib3d.RANSAC, tolerance, inliers, trials, CONFIDENCE));
    return matrix.empty() ? null : new Homography(matrix);
  }

  /// First an affine map, then this.
  Homography after(AffineMap map, Mats mats) {
    return new Homography(product(matrix, matrix(map, mats), mats));
  }

  /// First this, then an affine map.
  Homography then(AffineMap map, Mats mats) {
    return new Homography(product(matrix(map, mats), matrix, mats));
  }

  /// 3 x 3.
  Mat matrix() {
    return matrix;
  }

  /// Whether a point is before the viewer: others are not seen.
  boolean isInFront(Point point) {
    return depth(point) > 0;
  }

  /// How far from a place a point ends, in pixels.
  double distance(Point from, Point to) {
    double[] h = values;
    double depth = depth(from);
    return Math.hypot(
        (h[0] * from.x + h[1] * from.y + h[2]) / depth - to.x,
        (h[3] * from.x + h[4] * from.y + h[5]) / depth - to.y);
  }

  private double depth(Point point) {
    return values[6] * point.x + values[7] * point.y + values[8];
  }

  private static Mat product(Mat left, Mat right, Mats mats) {
    Mat product = mats.add();
    Core.gemm(left, right, 1, mats.add(), 0, product);
    return product;
  }

  private static Mat matrix(AffineMap map, Mats mats) {
    Mat matrix = mats.add(new Mat(3, 3, CvType.CV_64F));
    matrix.put(0, 0, map.a(), map.b(), map.tx(), map.c(), map.d(), map.ty(), 0, 0, 1);
    return matrix;
  }
}
