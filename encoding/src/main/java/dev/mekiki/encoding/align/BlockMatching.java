package dev.mekiki.encoding.align;

import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.hashing.landmark.AffineMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.opencv.calib3d.Calib3d;
import org.opencv.core.Core;
import org.opencv.core.Mat;
import org.opencv.core.MatOfPoint2f;
import org.opencv.core.Point;

/// One round of refining a map: square blocks of the second picture are looked for in the first,
/// laid over it, close to where the map says; an affine map is fitted to what was found.
///
/// @param side of a block, in pixels
/// @param step from one block to the next, in pixels
/// @param reach how far from its place a block is looked for, in pixels
/// @param stride from one place to the next where it is looked for, in pixels
/// @param tolerance how far from the fitted map a block may lie that counts, in pixels
record BlockMatching(int side, int step, int reach, int stride, double tolerance) {
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
      return fit(match(first, second, map, mats.add(), mats), map, mats);
    }
  }

  /// The same where something is known to lie over one of the pictures.
  ///
  /// @param laidOver 255 there, in the second picture
  Round refine(AlignedPicture first, AlignedPicture second, AffineMap map, Mat laidOver) {
    try (Mats mats = new Mats()) {
      return fit(match(first, second, map, laidOver, mats), map, mats);
    }
  }

  /// The homography that takes the first picture, laid over the second, to where blocks are found.
  ///
  /// @return null if fewer than some blocks lie where one says
  @Nullable Homography homography(
      AlignedPicture first, AlignedPicture second, AffineMap map, int blocks, Mats mats) {
    Blocks matched = match(first, second, map, mats.add(), mats);
    if (matched.found().size() < blocks) {
      return null;
    }
    Mat inliers = mats.add();
    @Nullable Homography fitted =
        Homography.fit(matched.found(), matched.places(), tolerance, AFFINE_TRIALS, inliers, mats);
    return fitted == null || Core.countNonZero(inliers) < blocks ? null : fitted;
  }

  private Blocks match(
      AlignedPicture first, AlignedPicture second, AffineMap map, Mat laidOver, Mats mats) {
    Mat target = Warp.target(second, map, mats);
    Mat warped = Warp.grey(first, map, target.size(), mats);
    Mat mask = Warp.mask(first, map, target.size(), mats);
    Mat strokes = Strokes.laidOver(Strokes.of(warped, mats), second.strokes(), mats);
    if (!laidOver.empty()) {
      Core.bitwise_or(strokes, laidOver, strokes);
    }
    return match(target, warped, mask, strokes);
  }

  private Blocks match(Mat target, Mat warped, Mat mask, Mat strokes) {
    int width = target.cols();
    int height = target.rows();
    byte[] covered = Mats.bytes(mask);
    byte[] spoilt = Mats.bytes(strokes);
    BlockSearch search =
        new BlockSearch(Mats.bytes(target), Mats.bytes(warped), width, height, side, reach);
    List<BlockSearch.Block> blocks = new ArrayList<>();
    for (int y = 0; y <= height - side; y += step) {
      for (int x = 0; x <= width - side; x += step) {
        if (Warp.isCovered(covered, width, x, y, side) && !isSpoilt(spoilt, width, x, y)) {
          BlockSearch.Block block = search.block(x, y);
          if (search.deviation(block) >= MIN_DEVIATION) {
            blocks.add(block);
          }
        }
      }
    }
    search.find(blocks, stride);
    List<Point> found = new ArrayList<>();
    List<Point> places = new ArrayList<>();
    for (BlockSearch.Block block : blocks) {
      if (block.correlation() >= MIN_CORRELATION) {
        double x = block.x + side / 2.0;
        double y = block.y + side / 2.0;
        found.add(new Point(x + block.dx(), y + block.dy()));
        places.add(new Point(x, y));
      }
    }
    return new Blocks(found, places, blocks.size());
  }

  private boolean isSpoilt(byte[] strokes, int width, int x, int y) {
    int spoilt = 0;
    for (int row = y; row < y + side; row++) {
      for (int column = x; column < x + side; column++) {
        spoilt -= strokes[row * width + column] >> 7;
      }
    }
    return spoilt > MAX_STROKES * side * side;
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
