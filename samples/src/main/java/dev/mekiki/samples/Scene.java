package dev.mekiki.samples;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Locale;
import java.util.Random;

/// One drawn scene: the same number gives the same pixels on every machine, for nothing but seeded
/// arithmetic and the JDK's own rasteriser goes into it (no fonts, no files).
///
/// The compositions take turns, and each scene's layout, palette and light are its own: two scenes
/// differ in what the fingerprint sees (coarse structure) as much as two photos do.
///
/// @param number 0 or more
record Scene(int number) {
  static final int WIDTH = 480;
  static final int HEIGHT = 360;

  Scene {
    if (number < 0) {
      throw new IllegalArgumentException("scene: %d (expected: 0 or more)".formatted(number));
    }
  }

  /// What is drawn, in one lower-case word.
  String subject() {
    return composition().name().toLowerCase(Locale.ROOT);
  }

  BufferedImage draw() {
    // Spread by a multiplication: java.util.Random's first values of adjacent seeds are alike.
    Random random = new Random(number * 0x9E3779B97F4A7C15L);
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      Canvas canvas = new Canvas(image, graphics, random);
      composition().paint(canvas);
      canvas.light();
    } finally {
      graphics.dispose();
    }
    return image;
  }

  private Composition composition() {
    return Composition.ALL.get(number % Composition.ALL.size());
  }
}
