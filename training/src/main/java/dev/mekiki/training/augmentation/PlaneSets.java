package dev.mekiki.training.augmentation;

import java.util.Random;

/// What is done to plane sets: pixels of 0 to 255, changed in place.
final class PlaneSets {
  private PlaneSets() {}

  /// Raises every pixel's share of 255 to a power.
  static void gamma(float[] pixels, float gamma) {
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 255 * (float) Math.pow(pixels[i] / 255, gamma);
    }
  }

  /// Adds Gaussian noise, as the blocks of JPEG are to a network that sees less than they show.
  ///
  /// @param deviation grey levels
  static void addNoise(float[] pixels, float deviation, Random random) {
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = Math.clamp(pixels[i] + deviation * (float) random.nextGaussian(), 0, 255);
    }
  }
}
