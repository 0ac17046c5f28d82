package dev.mekiki.encoding.landmark;

import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.encoding.preprocess.Preprocessor;
import dev.mekiki.hashing.landmark.PatchHasher;
import java.util.ArrayList;
import java.util.List;
import org.opencv.core.Mat;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// Cuts patches of any size and angle out of one grey picture: each from the level of a pyramid
/// whose pixels are about as large as those of the patch, bilinearly. Beyond its border the picture
/// goes on as in a mirror.
final class PatchSampler {
  private static final int MAX_LEVELS = 5;

  /// Pixels of the shorter side from which on a level has a next one.
  private static final int MIN_SIDE = 16;

  private static final double FIRST_BLUR = 0.7;
  private static final double LEVEL_BLUR = 1.0;
  private static final float MIDDLE = (PatchHasher.SIDE - 1) / 2f;
  private static final float HALF = PatchHasher.SIDE / 2f;

  private final List<Level> levels = new ArrayList<>();

  /// One picture of the pyramid.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Level(byte[] pixels, int width, int height) {
    static Level of(Mat grey) {
      return new Level(Mats.bytes(grey), grey.cols(), grey.rows());
    }

    float at(float x, float y) {
      int left = (int) Math.floor(x);
      int top = (int) Math.floor(y);
      float right = x - left;
      float below = y - top;
      if (left >= 0 && top >= 0 && left + 1 < width && top + 1 < height) {
        int at = top * width + left;
        return between(
            pixels[at] & 0xFF,
            pixels[at + 1] & 0xFF,
            pixels[at + width] & 0xFF,
            pixels[at + width + 1] & 0xFF,
            right,
            below);
      }
      return between(
          pixel(left, top),
          pixel(left + 1, top),
          pixel(left, top + 1),
          pixel(left + 1, top + 1),
          right,
          below);
    }

    private static float between(
        int topLeft, int topRight, int bottomLeft, int bottomRight, float right, float below) {
      float upper = topLeft * (1 - right) + topRight * right;
      float lower = bottomLeft * (1 - right) + bottomRight * right;
      return upper * (1 - below) + lower * below;
    }

    private int pixel(int x, int y) {
      return pixels[reflected(y, height) * width + reflected(x, width)] & 0xFF;
    }

    private static int reflected(int position, int size) {
      int at = position;
      // A patch may be several times as large as the picture.
      while (at < 0 || at >= size) {
        at = size == 1 ? 0 : Preprocessor.reflect(Math.clamp(at, 1 - size, 2 * size - 2), size);
      }
      return at;
    }
  }

  /// @param grey 8 bits, 1 channel; left as it is
  PatchSampler(Mat grey) {
    Mat blurred = new Mat();
    Mat level = new Mat();
    try {
      Imgproc.GaussianBlur(grey, level, new Size(0, 0), FIRST_BLUR);
      levels.add(Level.of(level));
      while (Math.min(level.rows(), level.cols()) > MIN_SIDE && levels.size() < MAX_LEVELS) {
        Imgproc.GaussianBlur(level, blurred, new Size(0, 0), LEVEL_BLUR);
        Imgproc.resize(blurred, level, new Size(0, 0), 0.5, 0.5, Imgproc.INTER_LINEAR);
        levels.add(Level.of(level));
      }
    } finally {
      level.release();
      blurred.release();
    }
  }

  /// Samples a square patch.
  ///
  /// @param x of its centre, in pixels; that of the first pixel is 0
  /// @param radius half of its side, in pixels
  /// @param angle of its rows, in radians
  /// @param patch takes {@link PatchHasher#SIDE} rows of as many values
  void sample(float x, float y, float radius, double angle, float[] patch) {
    double step = radius / HALF;
    int closest = (int) Math.floor(Math.log(Math.max(step, 1e-3)) / Math.log(2) + 0.5);
    int number = Math.clamp(closest, 0, levels.size() - 1);
    Level level = levels.get(number);
    float scale = 1f / (1 << number);
    float right = (float) (step * Math.cos(angle)) * scale;
    float down = (float) (step * Math.sin(angle)) * scale;
    // A pixel of a level covers several of the level before: centres, not corners, are mapped.
    float centreX = (x + 0.5f) * scale - 0.5f;
    float centreY = (y + 0.5f) * scale - 0.5f;
    for (int row = 0; row < PatchHasher.SIDE; row++) {
      float v = row - MIDDLE;
      for (int column = 0; column < PatchHasher.SIDE; column++) {
        float u = column - MIDDLE;
        patch[row * PatchHasher.SIDE + column] =
            level.at(centreX + u * right - v * down, centreY + u * down + v * right);
      }
    }
  }
}
