package dev.mekiki.encoding.align;

import dev.mekiki.encoding.opencv.Mats;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.opencv.core.Mat;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// A picture made ready to be aligned with others, in native memory: close it. Not thread-safe.
public final class AlignedPicture implements AutoCloseable {
  private static final int LEVELS = 3;

  private final Mats mats = new Mats();
  private final Mat bgr;
  private final List<Mat> greys = new ArrayList<>();
  private @Nullable Mat strokes;

  /// @param bgr 8 bits; copied
  public AlignedPicture(Mat bgr) {
    this.bgr = mats.add(bgr.clone());
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

  /// Where text lies over the picture: 255 there, 0 elsewhere.
  Mat strokes() {
    if (strokes == null) {
      strokes = Strokes.mask(grey(), mats);
    }
    return strokes;
  }

  @Override
  public void close() {
    mats.close();
  }
}
