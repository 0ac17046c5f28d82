package dev.mekiki.encoding.align;

import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.encoding.opencv.OpenCvLibrary;
import dev.mekiki.hashing.landmark.AffineMap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// Distinguishes a second photo of one scene from a copy of the first. Stateless and thread-safe.
///
/// Whatever was done to a copy, its points lie where one map of the plane takes them, also if it
/// was photographed from a screen or stretched. In a second photo nearer things have moved further
/// than those behind them, and cloth lies in other folds: no map of the plane takes all points to
/// their places. So a homography is fitted, and what is left of the displacements of blocks is
/// measured, in pixels of the coarser picture. Of copies three quarters of the blocks are off by
/// less than 0.13, which is what resampling and compression do; of second photos more are off by
/// 0.18.
public final class ReshotCheck {
  static {
    OpenCvLibrary.load();
  }

  private static final Displacements.Search FIRST = new Displacements.Search(5, 12, 0.6, 0);
  private static final Displacements.Search SECOND = new Displacements.Search(3, 8, 0.8, 0.05);

  /// From the fitted homography, in pixels.
  private static final double FIRST_TOLERANCE = 1.5;

  private static final double SECOND_TOLERANCE = 0.5;
  private static final int TRIALS = 500;

  /// Fewer blocks than this say nothing.
  private static final int MIN_BLOCKS = 80;

  /// A picture made smaller by more than this is smoothed first.
  private static final double REDUCTION = 1.5;

  /// Of that, in pixels of the smaller picture.
  private static final double SIGMA = 0.4;

  /// Of what is left, for copies.
  private static final double MAX_UPPER_QUARTILE = 0.16;

  /// Fewer blocks fix no homography worth measuring against.
  private static final int MIN_FITTED = 20;

  private ReshotCheck() {}

  /// What is left of the displacements of blocks, in pixels of the coarser picture.
  ///
  /// @param blocks that were measured
  record Residual(int blocks, double upperQuartile) {
    boolean isOfAReshot() {
      return blocks >= MIN_BLOCKS && upperQuartile > MAX_UPPER_QUARTILE;
    }
  }

  /// Whether two pictures that were taken for copies are rather two photos of one scene. False
  /// where they have too little texture to say.
  ///
  /// @param map from the pixels of the first to those of the second, as an alignment has found it
  public static boolean isReshot(AlignedPicture first, AlignedPicture second, AffineMap map) {
    return residual(first, second, map).isOfAReshot();
  }

  static Residual residual(AlignedPicture first, AlignedPicture second, AffineMap map) {
    Residual none = new Residual(0, 0);
    try (Mats mats = new Mats()) {
      Mat target = second.grey();
      Displacements rough =
          Displacements.measure(
              target,
              Warp.grey(first, map, target.size(), mats),
              Warp.mask(first, map, target.size(), mats),
              FIRST);
      @Nullable Homography correction = homography(rough, FIRST_TOLERANCE, mats);
      if (correction == null) {
        return none;
      }
      Displacements fine = corrected(first, target, map, correction, mats);
      @Nullable Homography rest = homography(fine, SECOND_TOLERANCE, mats);
      return rest == null ? none : residual(fine, rest, Math.max(1, map.scale()));
    }
  }

  private static @Nullable Homography homography(
      Displacements blocks, double tolerance, Mats mats) {
    return blocks.size() < MIN_FITTED
        ? null
        : Homography.fit(blocks.found(), blocks.places(), tolerance, TRIALS, mats.add(), mats);
  }

  /// The displacements that are left once the first picture is laid over the second as corrected.
  private static Displacements corrected(
      AlignedPicture first, Mat target, AffineMap map, Homography correction, Mats mats) {
    Mat full = correction.after(map, mats).matrix();
    Mat source = first.grey();
    Mat smooth = source;
    if (map.scale() < 1 / REDUCTION) {
      // What lies between the samples of a picture made small would move blocks.
      smooth = mats.add();
      Imgproc.GaussianBlur(source, smooth, new Size(), SIGMA / map.scale());
    }
    Mat laidOver = mats.add();
    Imgproc.warpPerspective(
        smooth, laidOver, full, target.size(), Imgproc.INTER_CUBIC, Core.BORDER_REPLICATE);
    Mat all = mats.add(new Mat(source.size(), CvType.CV_8U, new Scalar(255)));
    Mat covered = mats.add();
    Imgproc.warpPerspective(
        all, covered, full, target.size(), Imgproc.INTER_NEAREST, Core.BORDER_CONSTANT);
    return Displacements.measure(target, laidOver, covered, SECOND);
  }

  private static Residual residual(Displacements blocks, Homography homography, double scale) {
    double[] left = new double[blocks.size()];
    for (int i = 0; i < left.length; i++) {
      left[i] = homography.distance(blocks.found().get(i), blocks.places().get(i)) / scale;
    }
    Arrays.sort(left);
    return new Residual(left.length, left[left.length * 3 / 4]);
  }
}
