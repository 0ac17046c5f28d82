package dev.mekiki.encoding.align;

import dev.mekiki.encoding.opencv.Mats;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// A picture made ready to be aligned with others, in native memory: close it. Not thread-safe.
public final class AlignedPicture implements AutoCloseable {
  private static final int LEVELS = 3;

  private final Mats mats = new Mats();
  private final Mat bgr;
  private final List<Mat> greys = new ArrayList<>();
  private final @Nullable Mat cover;
  private @Nullable Mat strokes;

  /// @param bgr 8 bits; copied
  public AlignedPicture(Mat bgr) {
    this(bgr.clone(), null);
  }

  /// @param bgr taken over
  /// @param cover taken over; 255 where the picture shows something; null for everywhere
  private AlignedPicture(Mat bgr, @Nullable Mat cover) {
    this.bgr = mats.add(bgr);
    this.cover = cover == null ? null : mats.add(cover);
    Mat grey = mats.add();
    Imgproc.cvtColor(bgr, grey, Imgproc.COLOR_BGR2GRAY);
    greys.add(grey);
    while (greys.size() < LEVELS && Math.min(grey.rows(), grey.cols()) > 1) {
      Mat half = mats.add();
      Imgproc.resize(grey, half, new Size(0, 0), 0.5, 0.5, Imgproc.INTER_AREA);
      greys.add(half);
      grey = half;
    }
  }

  /// The picture seen from elsewhere.
  ///
  /// @param homography from places in this picture to those in the result: 3 x 3
  AlignedPicture seenBy(Mat homography) {
    Mat seen = new Mat();
    Imgproc.warpPerspective(
        bgr, seen, homography, bgr.size(), Imgproc.INTER_LINEAR, Core.BORDER_REPLICATE);
    Mat shown = new Mat();
    try (Mats all = new Mats()) {
      Imgproc.warpPerspective(
          all.add(new Mat(bgr.size(), CvType.CV_8U, new Scalar(255))),
          shown,
          homography,
          bgr.size(),
          Imgproc.INTER_NEAREST,
          Core.BORDER_CONSTANT);
    }
    return new AlignedPicture(seen, shown);
  }

  /// 255 where the picture shows something.
  Mat cover(Mats mats) {
    return cover == null ? mats.add(new Mat(bgr.size(), CvType.CV_8U, new Scalar(255))) : cover;
  }

  /// Pixels.
  public int width() {
    return bgr.cols();
  }

  /// Pixels.
  public int height() {
    return bgr.rows();
  }

  Mat bgr() {
    return bgr;
  }

  /// Grey, 8 bits.
  Mat grey() {
    return greys.getFirst();
  }

  /// Grey, each level half as wide and high as the one before.
  List<Mat> greys() {
    return greys;
  }

  /// Where white meets black: 255 there, 0 elsewhere.
  Mat strokes() {
    if (strokes == null) {
      strokes = Strokes.of(grey(), mats);
    }
    return strokes;
  }

  @Override
  public void close() {
    mats.close();
  }
}
