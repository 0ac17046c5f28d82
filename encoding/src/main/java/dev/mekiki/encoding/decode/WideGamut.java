package dev.mekiki.encoding.decode;

import org.opencv.core.Mat;

/// Colours whose primaries are named by a number (ITU-T H.273, table 2) rather than by a profile,
/// as AVIF has them, taken to sRGB. The transfer curve is sRGB's before and after. Stateless.
final class WideGamut {
  private static final int DISPLAY_P3 = 12;
  private static final int BT_2020 = 9;

  // Linear red, green and blue to those of sRGB; both have the white of D65.
  private static final float[] FROM_P3 = {
    1.2249402f, -0.2249402f, 0, -0.0420570f, 1.0420570f, 0, -0.0196376f, -0.0786361f, 1.0982736f
  };
  private static final float[] FROM_2020 = {
    1.6604910f, -0.5876411f, -0.0728499f,
    -0.1245505f, 1.1328999f, -0.0083494f,
    -0.0181508f, -0.1005789f, 1.1187297f
  };

  private static final float[] LINEAR = new float[256];

  /// Levels by linear value; steps of 1/16384 are finer than the darkest level.
  private static final byte[] LEVELS = new byte[(1 << 14) + 1];

  static {
    for (int level = 0; level < LINEAR.length; level++) {
      double value = level / 255.0;
      LINEAR[level] =
          (float) (value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4));
    }
    for (int i = 0; i < LEVELS.length; i++) {
      double value = i / (double) (LEVELS.length - 1);
      double encoded =
          value <= 0.0031308 ? 12.92 * value : 1.055 * Math.pow(value, 1 / 2.4) - 0.055;
      LEVELS[i] = (byte) Math.round(255 * encoded);
    }
  }

  private WideGamut() {}

  /// Converts pixels to sRGB; those of primaries that are not known to be wider stay as they are.
  ///
  /// @param primaries the number of H.273
  /// @param bgr 8 bits, continuous; changed
  static void toSrgb(int primaries, Mat bgr) {
    float[] matrix;
    switch (primaries) {
      case DISPLAY_P3 -> matrix = FROM_P3;
      case BT_2020 -> matrix = FROM_2020;
      default -> {
        return;
      }
    }
    byte[] pixels = new byte[3 * bgr.cols() * bgr.rows()];
    bgr.get(0, 0, pixels);
    for (int at = 0; at < pixels.length; at += 3) {
      float red = LINEAR[pixels[at + 2] & 0xFF];
      float green = LINEAR[pixels[at + 1] & 0xFF];
      float blue = LINEAR[pixels[at] & 0xFF];
      pixels[at + 2] = level(matrix[0] * red + matrix[1] * green + matrix[2] * blue);
      pixels[at + 1] = level(matrix[3] * red + matrix[4] * green + matrix[5] * blue);
      pixels[at] = level(matrix[6] * red + matrix[7] * green + matrix[8] * blue);
    }
    bgr.put(0, 0, pixels);
  }

  private static byte level(float linear) {
    return LEVELS[Math.round(Math.clamp(linear, 0f, 1f) * (LEVELS.length - 1))];
  }
}
