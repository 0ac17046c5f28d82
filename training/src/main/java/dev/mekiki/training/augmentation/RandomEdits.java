package dev.mekiki.training.augmentation;

import dev.mekiki.encoding.opencv.OpenCvLibrary;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.encoding.preprocess.Preprocessing.View;
import dev.mekiki.encoding.preprocess.Preprocessor;
import java.util.Random;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Point;
import org.opencv.core.Rect;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// Edits as other people make them to copies of a picture, drawn at random and applied while they
/// are still larger than the network's input: blurred, written on, brighter or darker with
/// clipping, trimmed at any of their edges, then shrunk, and there given another gamma and noise.
/// What {@link AugmentedViews} does to pictures that have nothing but the input's own pixels. Not
/// thread-safe.
public final class RandomEdits {
  /// Of the width, and of the height, what is trimmed off one edge at most.
  private static final float MAX_TRIMMED = 0.1f;

  /// Of the height, what letters take at most.
  private static final float MAX_LETTER_HEIGHT = 0.2f;

  private static final int[] FONTS = {
    Imgproc.FONT_HERSHEY_SIMPLEX,
    Imgproc.FONT_HERSHEY_PLAIN,
    Imgproc.FONT_HERSHEY_DUPLEX,
    Imgproc.FONT_HERSHEY_COMPLEX,
    Imgproc.FONT_HERSHEY_TRIPLEX,
    Imgproc.FONT_HERSHEY_SCRIPT_SIMPLEX,
  };

  private final Preprocessor preprocessor;
  private final int channels;
  private final Random random;

  public RandomEdits(Preprocessing preprocessing, Random random) {
    OpenCvLibrary.load();
    this.preprocessor = new Preprocessor(preprocessing);
    this.channels = preprocessing.colour().channels();
    this.random = random;
  }

  /// The input that serving would make of a picture, all views of it.
  ///
  /// @param picture side x side x channels, row-major
  public float[] serving(byte[] picture, int side) {
    Mat mat = mat(picture, side);
    try {
      return preprocessor.input(mat);
    } finally {
      mat.release();
    }
  }

  /// What a view shows of a picture.
  ///
  /// @param picture side x side x channels, row-major
  /// @return a plane set
  public float[] plain(byte[] picture, int side, View view) {
    Mat mat = mat(picture, side);
    try {
      return preprocessor.view(mat, view);
    } finally {
      mat.release();
    }
  }

  /// What a view shows of an edited copy of a picture.
  ///
  /// @param picture side x side x channels, row-major; left as it is
  /// @return a plane set
  public float[] edited(byte[] picture, int side, View view) {
    Mat mat = mat(picture, side);
    Mat trimmed = null;
    try {
      if (random.nextFloat() < 0.3f) {
        Imgproc.GaussianBlur(mat, mat, new Size(), side * between(0.003f, 0.012f));
      }
      if (random.nextFloat() < 0.5f) {
        write(mat);
      }
      if (random.nextFloat() < 0.5f) {
        mat.convertTo(mat, -1, between(0.7f, 1.35f), 0);
      }
      trimmed = random.nextFloat() < 0.8f ? trimmed(mat) : mat.clone();
      float[] pixels = preprocessor.view(trimmed, view);
      if (random.nextFloat() < 0.3f) {
        PlaneSets.gamma(pixels, between(0.75f, 1.3f));
      }
      if (random.nextFloat() < 0.5f) {
        PlaneSets.addNoise(pixels, between(0, 3), random);
      }
      return pixels;
    } finally {
      mat.release();
      if (trimmed != null) {
        trimmed.release();
      }
    }
  }

  private Mat mat(byte[] picture, int side) {
    Mat mat = new Mat(side, side, CvType.CV_8UC(channels));
    mat.put(0, 0, picture);
    return mat;
  }

  /// A line of letters somewhere, mostly white or black with a rim.
  private void write(Mat mat) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(3, 21);
    for (int i = 0; i < length; i++) {
      text.append(random.nextFloat() < 0.15f ? ' ' : (char) ('a' + random.nextInt(26)));
    }
    int font = FONTS[random.nextInt(FONTS.length)];
    Size unscaled = Imgproc.getTextSize(text.toString(), font, 1, 1, null);
    double scale =
        Math.min(
            between(0.3f, 0.95f) * mat.cols() / unscaled.width,
            MAX_LETTER_HEIGHT * mat.rows() / unscaled.height);
    int stroke = Math.max(1, (int) Math.round(2 * scale));
    Point start =
        new Point(
            random.nextDouble() * Math.max(0, mat.cols() - scale * unscaled.width),
            scale * unscaled.height
                + random.nextDouble() * Math.max(0, mat.rows() - scale * unscaled.height));
    float ink = random.nextFloat() < 0.6f ? 255 : between(0, 255);
    float rim = random.nextFloat() < 0.6f ? 255 - ink : ink;
    Imgproc.putText(
        mat, text.toString(), start, font, scale, Scalar.all(rim), 3 * stroke, Imgproc.LINE_AA);
    Imgproc.putText(
        mat, text.toString(), start, font, scale, Scalar.all(ink), stroke, Imgproc.LINE_AA);
  }

  /// Each edge by itself: what is cut on one side alone moves the middle, too.
  private Mat trimmed(Mat mat) {
    int left = cut(mat.cols());
    int right = cut(mat.cols());
    int top = cut(mat.rows());
    int bottom = cut(mat.rows());
    return mat.submat(new Rect(left, top, mat.cols() - left - right, mat.rows() - top - bottom))
        .clone();
  }

  private int cut(int side) {
    return random.nextBoolean() ? Math.round(between(0, MAX_TRIMMED) * side) : 0;
  }

  private float between(float min, float max) {
    return min + (max - min) * random.nextFloat();
  }
}
