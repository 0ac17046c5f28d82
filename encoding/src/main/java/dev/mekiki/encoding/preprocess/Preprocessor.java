package dev.mekiki.encoding.preprocess;

import dev.mekiki.encoding.opencv.OpenCvLibrary;
import dev.mekiki.encoding.preprocess.Preprocessing.View;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Rect;

/// Applies a {@link Preprocessing}. Stateless and thread-safe.
///
/// A *plane set* here is the resized picture, `inputSize x inputSize` pixels of `channels` values
/// of 0 to 255 each, row-major with the channels of a pixel side by side. The network reads the
/// same layout, standardised.
public final class Preprocessor {
  /// Grey levels: what a view's deviation is taken for at least, so that the noise of a flat
  /// picture is not blown up to full contrast.
  private static final float MIN_DEVIATION = 4;

  private final Preprocessing preprocessing;
  private final int size;
  private final int channels;

  public Preprocessor(Preprocessing preprocessing) {
    this.preprocessing = preprocessing;
    this.size = preprocessing.inputSize();
    this.channels = preprocessing.colour().channels();
  }

  /// The network's input for all views of a picture, one after another.
  ///
  /// @param bgr the decoded picture, 8 bits, 3 channels
  /// @param luma its luma, 8 bits, 1 channel
  public float[] input(Mat bgr, Mat luma) {
    return switch (preprocessing.colour()) {
      case LUMA -> input(luma);
      // Once shrunk: there is less of it to swap.
      case RGB -> allViews(trim -> swapRedAndBlue(trimmed(bgr, trim)));
    };
  }

  /// The network's input for all views of a picture, one after another.
  ///
  /// @param picture luma, or red, green and blue; 8 bits or floats
  public float[] input(Mat picture) {
    return allViews(trim -> trimmed(picture, trim));
  }

  /// What one view shows of a picture.
  ///
  /// @param picture luma, or red, green and blue; 8 bits or floats
  /// @return a plane set
  public float[] view(Mat picture, View view) {
    return placed(trimmed(picture, view.trim()), view);
  }

  /// A plane set of another size brought to the input size.
  ///
  /// @param pixels side x side of them; left as they are, and given back where the side is right
  public float[] resized(float[] pixels, int side) {
    if (side == size) {
      return pixels;
    }
    OpenCvLibrary.load();
    Mat picture = new Mat(side, side, CvType.CV_32FC(channels));
    try {
      picture.put(0, 0, pixels);
      return resizedFloats(picture);
    } finally {
      picture.release();
    }
  }

  /// The network's input for all views of a picture that is of the input size already, one after
  /// another.
  ///
  /// @param pixels a plane set; left as it is
  public float[] input(float[] pixels) {
    return allViews(trim -> preprocessing.cutsViews() ? pixels : trim(pixels, trim));
  }

  /// @param trimmed gives the plane set without a share of it on each side; asked once for each
  private float[] allViews(Function<Float, float[]> trimmed) {
    float[] input = new float[preprocessing.views().size() * preprocessing.viewLength()];
    Map<Float, float[]> byTrim = new HashMap<>();
    int offset = 0;
    for (View view : preprocessing.views()) {
      float[] pixels = byTrim.computeIfAbsent(view.trim(), trimmed);
      standardise(placed(pixels, view), input, offset);
      offset += preprocessing.viewLength();
    }
    return input;
  }

  /// Standardises one view.
  ///
  /// @param pixels a plane set; left as it is
  /// @param target where {@link Preprocessing#viewLength} values go, from `offset` on
  public void standardise(float[] pixels, float[] target, int offset) {
    switch (preprocessing.standardisation()) {
      case IMAGE -> standardiseByImage(pixels, target, offset);
      case DATASET -> {
        for (int i = 0; i < pixels.length; i++) {
          int channel = i % channels;
          target[offset + i] =
              (pixels[i] / 255 - preprocessing.mean().get(channel))
                  / preprocessing.deviation().get(channel);
        }
      }
    }
  }

  /// Smooths a plane set by a 3 x 3 binomial filter, its border pixels repeated outwards.
  ///
  /// @param weight 0 keeps the pixels, 1 takes the filtered ones
  public float[] smooth(float[] pixels, float weight) {
    float[] rows = new float[pixels.length];
    float[] smoothed = new float[pixels.length];
    int stride = size * channels;
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        for (int c = 0; c < channels; c++) {
          int i = y * stride + x * channels + c;
          float left = pixels[x == 0 ? i : i - channels];
          float right = pixels[x == size - 1 ? i : i + channels];
          rows[i] = 0.25f * left + 0.5f * pixels[i] + 0.25f * right;
        }
      }
    }
    for (int i = 0; i < pixels.length; i++) {
      float above = rows[i < stride ? i : i - stride];
      float below = rows[i >= pixels.length - stride ? i : i + stride];
      float filtered = 0.25f * above + 0.5f * rows[i] + 0.25f * below;
      smoothed[i] = pixels[i] + weight * (filtered - pixels[i]);
    }
    return smoothed;
  }

  /// A part of a plane set at the full size, bilinearly; border pixels are repeated outwards.
  ///
  /// @param pixels a plane set; left as it is
  /// @param scaleX source pixels for a pixel of the result, from left to right
  /// @param scaleY and from top to bottom
  /// @param left where in the source the result begins, in pixels
  /// @param top likewise
  public float[] resample(float[] pixels, float scaleX, float scaleY, float left, float top) {
    float[] resampled = new float[pixels.length];
    for (int y = 0; y < size; y++) {
      float sourceY = Math.clamp(top + (y + 0.5f) * scaleY - 0.5f, 0, size - 1);
      int above = (int) sourceY;
      int below = Math.min(above + 1, size - 1);
      float weightY = sourceY - above;
      for (int x = 0; x < size; x++) {
        float sourceX = Math.clamp(left + (x + 0.5f) * scaleX - 0.5f, 0, size - 1);
        int before = (int) sourceX;
        int after = Math.min(before + 1, size - 1);
        float weightX = sourceX - before;
        for (int c = 0; c < channels; c++) {
          float upper =
              pixels[(above * size + before) * channels + c] * (1 - weightX)
                  + pixels[(above * size + after) * channels + c] * weightX;
          float lower =
              pixels[(below * size + before) * channels + c] * (1 - weightX)
                  + pixels[(below * size + after) * channels + c] * weightX;
          resampled[(y * size + x) * channels + c] = upper * (1 - weightY) + lower * weightY;
        }
      }
    }
    return resampled;
  }

  /// A part with fewer pixels than the input would have to be enlarged, and show less than the
  /// whole, not more: then it is the whole that is seen.
  private float[] trimmed(Mat picture, float trim) {
    if (!preprocessing.cutsViews()) {
      return trim(resized(picture), trim);
    }
    int left = Math.round(trim * picture.cols());
    int top = Math.round(trim * picture.rows());
    int width = picture.cols() - 2 * left;
    int height = picture.rows() - 2 * top;
    if (trim == 0 || width < size || height < size) {
      return resized(picture);
    }
    Mat cut = picture.submat(new Rect(left, top, width, height));
    try {
      return resized(cut);
    } finally {
      cut.release();
    }
  }

  /// What a view shows of a plane set that is trimmed already.
  private float[] placed(float[] pixels, View view) {
    float[] seen = view == View.SMOOTHED ? smooth(pixels, 1) : shifted(pixels, view.sixteenths());
    return view.mirrored() ? mirror(seen) : seen;
  }

  private float[] shifted(float[] pixels, int sixteenths) {
    if (sixteenths == 0) {
      return pixels;
    }
    int shift = Math.round(sixteenths * size / 16f);
    float[] shifted = new float[pixels.length];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        System.arraycopy(
            pixels,
            (reflect(y + shift, size) * size + reflect(x + shift, size)) * channels,
            shifted,
            (y * size + x) * channels,
            channels);
      }
    }
    return shifted;
  }

  /// A position beyond the border, seen in it as in a mirror.
  ///
  /// @param position from -size + 1 to 2 size - 2
  public static int reflect(int position, int size) {
    if (position < 0) {
      return -position;
    }
    return position < size ? position : 2 * size - 2 - position;
  }

  private float[] trim(float[] pixels, float share) {
    float scale = 1 - 2 * share;
    return share == 0 ? pixels : resample(pixels, scale, scale, share * size, share * size);
  }

  private float[] mirror(float[] pixels) {
    float[] mirrored = new float[pixels.length];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        System.arraycopy(
            pixels,
            (y * size + x) * channels,
            mirrored,
            (y * size + size - 1 - x) * channels,
            channels);
      }
    }
    return mirrored;
  }

  private float[] swapRedAndBlue(float[] pixels) {
    for (int i = 0; i < pixels.length; i += channels) {
      float blue = pixels[i];
      pixels[i] = pixels[i + 2];
      pixels[i + 2] = blue;
    }
    return pixels;
  }

  private static void standardiseByImage(float[] pixels, float[] target, int offset) {
    double sum = 0;
    double squares = 0;
    for (float pixel : pixels) {
      sum += pixel;
      squares += (double) pixel * pixel;
    }
    double mean = sum / pixels.length;
    double deviation = Math.sqrt(Math.max(0, squares / pixels.length - mean * mean));
    float scale = (float) (1 / Math.max(deviation, MIN_DEVIATION));
    for (int i = 0; i < pixels.length; i++) {
      target[offset + i] = (pixels[i] - (float) mean) * scale;
    }
  }

  /// In floats: rounding to 8 bits would be the largest difference between a picture and its
  /// half-size copy.
  private float[] resized(Mat picture) {
    Mat exact = new Mat();
    try {
      picture.convertTo(exact, CvType.CV_32F);
      return resizedFloats(exact);
    } finally {
      exact.release();
    }
  }

  private float[] resizedFloats(Mat picture) {
    Mat square = new Mat();
    try {
      preprocessing.resizing().resize(picture, square, size);
      float[] pixels = new float[size * size * channels];
      square.get(0, 0, pixels);
      return pixels;
    } finally {
      square.release();
    }
  }
}
