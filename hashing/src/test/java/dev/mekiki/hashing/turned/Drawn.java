package dev.mekiki.hashing.turned;

import dev.mekiki.hashing.pdq.Turn;
import java.util.Arrays;
import java.util.Random;

/// A picture drawn at random: waves, so that it looks alike at any size.
///
/// @param luminance `height` rows of `width`
@SuppressWarnings("ArrayRecordComponent") // never compared
record Drawn(float[] luminance, int width, int height) {
  private static final int WAVES = 60;
  private static final int HIGHEST = 17;

  static Drawn at(int width, int height, Random random) {
    double[] sums = new double[width * height];
    for (int wave = 0; wave < WAVES; wave++) {
      double[] along = wave(width, random);
      double[] down = wave(height, random);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += along[i % width] * down[i / width];
      }
    }
    float[] luminance = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      luminance[i] = (float) Math.clamp(128 + 10 * sums[i], 0, 255);
    }
    return new Drawn(luminance, width, height);
  }

  private static double[] wave(int length, Random random) {
    int frequency = random.nextInt(HIGHEST);
    double phase = 2 * Math.PI * random.nextDouble();
    double[] wave = new double[length];
    for (int i = 0; i < length; i++) {
      wave[i] = Math.cos(frequency * Math.PI * i / length + phase);
    }
    return wave;
  }

  Drawn turned(Turn turn) {
    boolean swapped = turn.x(0, 1) != turn.x(0, 0);
    int columns = swapped ? height : width;
    int rows = swapped ? width : height;
    float[] turned = new float[luminance.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double u = (x + 0.5) / width;
        double v = (y + 0.5) / height;
        int column = (int) (turn.x(u, v) * columns);
        int row = (int) (turn.y(u, v) * rows);
        turned[row * columns + column] = luminance[y * width + x];
      }
    }
    return new Drawn(turned, columns, rows);
  }

  /// With a border at the left and the top.
  Drawn framed(int left, int top) {
    Drawn framed =
        new Drawn(new float[(width + left) * (height + top)], width + left, height + top);
    Arrays.fill(framed.luminance, 250);
    for (int row = 0; row < height; row++) {
      System.arraycopy(
          luminance, row * width, framed.luminance, (row + top) * framed.width + left, width);
    }
    return framed;
  }

  SoughtFingerprints sought() {
    return SoughtFingerprints.of(luminance, width, height);
  }

  Region.Size size() {
    return new Region.Size(width, height);
  }
}
