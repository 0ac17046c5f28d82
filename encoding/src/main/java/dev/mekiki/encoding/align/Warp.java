package dev.mekiki.encoding.align;

import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.hashing.landmark.AffineMap;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// Shows a picture as it looks in the coordinates of another.
final class Warp {
  /// A picture that is enlarged by less is as sharp as the target.
  private static final double ENLARGED = 1.2;

  /// Pixels of a level that are larger than those of the target by more than this, in octaves, make
  /// the picture less sharp than the target.
  private static final double TOO_LARGE = 0.3;

  private Warp() {}

  /// The grey picture that another one is laid over. If that one is enlarged, details are missing
  /// in it; here they are blurred just as much, or they would count as differences.
  static Mat target(AlignedPicture picture, AffineMap map, Mats mats) {
    double enlarged = map.scale();
    if (enlarged < ENLARGED) {
      return picture.grey();
    }
    Mat blurred = mats.add();
    Imgproc.GaussianBlur(
        picture.grey(), blurred, new Size(0, 0), Math.sqrt(enlarged * enlarged - 1) / 2);
    return blurred;
  }

  /// The grey picture, from the level of its pyramid whose pixels are about as large as those of
  /// the target.
  static Mat grey(AlignedPicture picture, AffineMap map, Size target, Mats mats) {
    double octaves = -Math.log(Math.max(map.scale(), 1e-3)) / Math.log(2);
    int level = Math.clamp((int) Math.floor(octaves + TOO_LARGE), 0, picture.greys().size() - 1);
    double factor = 1 << level;
    AffineMap toFullSize = new AffineMap(factor, 0, factor / 2 - 0.5, 0, factor, factor / 2 - 0.5);
    return warp(
        picture.greys().get(level),
        toFullSize.then(map),
        target,
        Imgproc.INTER_LINEAR,
        Core.BORDER_REPLICATE,
        mats);
  }

  /// The colours.
  static Mat bgr(AlignedPicture picture, AffineMap map, Size target, Mats mats) {
    Mat source = picture.bgr();
    if (map.scale() <= 0.6) {
      source = mats.add();
      Imgproc.blur(picture.bgr(), source, new Size(2, 2));
    }
    return warp(source, map, target, Imgproc.INTER_LINEAR, Core.BORDER_REPLICATE, mats);
  }

  /// 255 where the target shows the picture, 0 elsewhere.
  static Mat mask(AlignedPicture picture, AffineMap map, Size target, Mats mats) {
    return warp(
        picture.cover(mats), map, target, Imgproc.INTER_NEAREST, Core.BORDER_CONSTANT, mats);
  }

  /// Whether all corners of a square lie where the target shows the picture.
  ///
  /// @param cover pixels of {@link #mask}, rows of the given width
  static boolean isCovered(byte[] cover, int width, int x, int y, int side) {
    int right = x + side - 1;
    int bottom = y + side - 1;
    return cover[y * width + x] != 0
        && cover[y * width + right] != 0
        && cover[bottom * width + x] != 0
        && cover[bottom * width + right] != 0;
  }

  private static Mat warp(
      Mat source, AffineMap map, Size target, int interpolation, int border, Mats mats) {
    Mat matrix = mats.add(new Mat(2, 3, CvType.CV_64F));
    matrix.put(0, 0, map.a(), map.b(), map.tx(), map.c(), map.d(), map.ty());
    Mat warped = mats.add();
    Imgproc.warpAffine(source, warped, matrix, target, interpolation, border);
    return warped;
  }
}
