package dev.mekiki.samples;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.Random;

/// A drawing surface with the strokes that the compositions share. Lengths are in pixels; a scene's
/// chance is its own generator. One thread.
final class Canvas {
  static final int WIDTH = Scene.WIDTH;
  static final int HEIGHT = Scene.HEIGHT;

  final Graphics2D graphics;
  // Row by row, 0xRRGGBB.
  private final int[] pixels;
  private final Random random;
  private final float baseHue;

  Canvas(BufferedImage image, Graphics2D graphics, Random random) {
    this.pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    this.graphics = graphics;
    this.random = random;
    this.baseHue = random.nextFloat();
  }

  double uniform(double from, double to) {
    return from + random.nextDouble() * (to - from);
  }

  int whole(int from, int toInclusive) {
    return from + random.nextInt(toInclusive - from + 1);
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /// A colour of the scene's palette: its base hue, or one of its two or three counterparts.
  Color colour(double minBrightness, double maxBrightness) {
    float[] turns = {0, 0.07f, 0.42f, 0.5f, 0.58f};
    float hue = baseHue + turns[random.nextInt(turns.length)] + (float) uniform(-0.03, 0.03);
    return Color.getHSBColor(
        hue, (float) uniform(0.25, 0.9), (float) uniform(minBrightness, maxBrightness));
  }

  static Color shade(Color colour, double factor) {
    return new Color(
        channel(colour.getRed() * factor),
        channel(colour.getGreen() * factor),
        channel(colour.getBlue() * factor));
  }

  static Color mix(Color a, Color b, double share) {
    return new Color(
        channel(a.getRed() + (b.getRed() - a.getRed()) * share),
        channel(a.getGreen() + (b.getGreen() - a.getGreen()) * share),
        channel(a.getBlue() + (b.getBlue() - a.getBlue()) * share));
  }

  void fill(Shape shape, Color colour) {
    graphics.setPaint(colour);
    graphics.fill(shape);
  }

  void line(Shape shape, double width, Color colour) {
    graphics.setStroke(
        new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.setPaint(colour);
    graphics.draw(shape);
  }

  /// Fills the whole canvas from one colour to another along a random direction.
  void background(Color from, Color to) {
    double angle = uniform(0, 2 * Math.PI);
    gradient(
        new Rectangle2D.Double(0, 0, WIDTH, HEIGHT),
        from,
        to,
        WIDTH / 2.0 - Math.cos(angle) * WIDTH / 2,
        HEIGHT / 2.0 - Math.sin(angle) * HEIGHT / 2,
        WIDTH / 2.0 + Math.cos(angle) * WIDTH / 2,
        HEIGHT / 2.0 + Math.sin(angle) * HEIGHT / 2);
  }

  void gradient(Shape shape, Color from, Color to, double x0, double y0, double x1, double y1) {
    graphics.setPaint(
        new GradientPaint(new Point2D.Double(x0, y0), from, new Point2D.Double(x1, y1), to, false));
    graphics.fill(shape);
  }

  /// A shaded ball, lit from the upper left.
  void ball(double x, double y, double radius, Color colour) {
    graphics.setPaint(
        new RadialGradientPaint(
            new Point2D.Double(x - radius * 0.35, y - radius * 0.4),
            (float) (radius * 1.35),
            new float[] {0, 0.4f, 1},
            new Color[] {mix(colour, Color.WHITE, 0.65), colour, shade(colour, 0.25)}));
    graphics.fill(circle(x, y, radius));
  }

  /// A soft disc of light that fades into what lies behind it.
  void glow(double x, double y, double radius, Color colour) {
    Color clear = new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 0);
    graphics.setPaint(
        new RadialGradientPaint(
            new Point2D.Double(x, y),
            (float) radius,
            new float[] {0, 0.25f, 1},
            new Color[] {colour, colour, clear}));
    graphics.fill(circle(x, y, radius));
  }

  static Shape circle(double x, double y, double radius) {
    return ellipse(x, y, radius, radius);
  }

  static Shape ellipse(double x, double y, double radiusX, double radiusY) {
    return new Ellipse2D.Double(x - radiusX, y - radiusY, 2 * radiusX, 2 * radiusY);
  }

  static Shape rectangle(double x, double y, double width, double height) {
    return new Rectangle2D.Double(x, y, width, height);
  }

  /// A closed polygon through pairs of coordinates.
  static Path2D polygon(double... coordinates) {
    Path2D path = new Path2D.Double();
    path.moveTo(coordinates[0], coordinates[1]);
    for (int i = 2; i < coordinates.length; i += 2) {
      path.lineTo(coordinates[i], coordinates[i + 1]);
    }
    path.closePath();
    return path;
  }

  static Shape turned(Shape shape, double angle, double x, double y) {
    return AffineTransform.getRotateInstance(angle, x, y).createTransformedShape(shape);
  }

  /// A line of hills: everything below it, by midpoint displacement.
  Path2D ridge(double height, double roughness) {
    int points = 65;
    double[] y = new double[points];
    y[0] = height + uniform(-roughness, roughness);
    y[points - 1] = height + uniform(-roughness, roughness);
    double amplitude = roughness;
    for (int step = points - 1; step > 1; step /= 2) {
      for (int i = step / 2; i < points; i += step) {
        y[i] = (y[i - step / 2] + y[i + step / 2]) / 2 + uniform(-amplitude, amplitude);
      }
      amplitude *= 0.52;
    }
    Path2D path = new Path2D.Double();
    path.moveTo(0, HEIGHT);
    for (int i = 0; i < points; i++) {
      path.lineTo(i * WIDTH / (points - 1.0), y[i]);
    }
    path.lineTo(WIDTH, HEIGHT);
    path.closePath();
    return path;
  }

  /// Smooth noise, WIDTH * HEIGHT values of about -1 to 1, row by row.
  ///
  /// @param cells waves of the coarsest octave across the width
  /// @param octaves each of half the size and strength of the one before
  float[] noise(double cells, int octaves) {
    float[] sum = new float[WIDTH * HEIGHT];
    double strength = 1;
    double frequency = cells;
    for (int octave = 0; octave < octaves; octave++) {
      int columns = (int) Math.ceil(frequency) + 3;
      int rows = (int) Math.ceil(frequency * HEIGHT / WIDTH) + 3;
      float[] lattice = new float[columns * rows];
      for (int i = 0; i < lattice.length; i++) {
        lattice[i] = random.nextFloat() * 2 - 1;
      }
      for (int y = 0; y < HEIGHT; y++) {
        double v = y * frequency / WIDTH;
        int row = (int) v;
        double fy = smooth(v - row);
        for (int x = 0; x < WIDTH; x++) {
          double u = x * frequency / WIDTH;
          int column = (int) u;
          double fx = smooth(u - column);
          int at = row * columns + column;
          double top = lattice[at] + (lattice[at + 1] - lattice[at]) * fx;
          double bottom =
              lattice[at + columns] + (lattice[at + columns + 1] - lattice[at + columns]) * fx;
          sum[y * WIDTH + x] += (float) (strength * (top + (bottom - top) * fy));
        }
      }
      frequency *= 2;
      strength *= 0.5;
    }
    return sum;
  }

  /// Sets each pixel by its position and the values of a field.
  void pixels(PixelColour colour) {
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        pixels[y * WIDTH + x] = colour.at(x, y) & 0xFFFFFF;
      }
    }
  }

  /// Uneven light and a little grain over the finished scene, as a photo has, then an exposure that
  /// leaves room above: large even areas leave the fingerprint's bits to rounding, and a picture
  /// that is bright already is another one when it is made brighter.
  void light() {
    float[] clouds = noise(uniform(2, 4), 3);
    float[] grain = noise(60, 1);
    double strength = uniform(0.16, 0.28);
    double sum = 0;
    double squares = 0;
    for (int at = 0; at < pixels.length; at++) {
      int rgb = pixels[at];
      double luminance =
          0.299 * (rgb >> 16 & 0xFF) + 0.587 * (rgb >> 8 & 0xFF) + 0.114 * (rgb & 0xFF);
      double lit = luminance * (1 + strength * clouds[at] + 0.04 * grain[at]);
      sum += lit;
      squares += lit * lit;
    }
    double mean = sum / pixels.length;
    double deviation = Math.sqrt(Math.max(1, squares / pixels.length - mean * mean));
    double contrast = Math.clamp(deviation, 45, 56) / deviation;
    double level = Math.clamp(mean, 80, 102);
    for (int at = 0; at < pixels.length; at++) {
      double factor = (1 + strength * clouds[at] + 0.04 * grain[at]) * contrast;
      double shift = level - mean * contrast;
      int rgb = pixels[at];
      pixels[at] =
          channel((rgb >> 16 & 0xFF) * factor + shift) << 16
              | channel((rgb >> 8 & 0xFF) * factor + shift) << 8
              | channel((rgb & 0xFF) * factor + shift);
    }
  }

  static int channel(double value) {
    return Math.clamp((long) (value + 0.5), 0, 255);
  }

  private static double smooth(double t) {
    return t * t * (3 - 2 * t);
  }

  interface PixelColour {
    /// The colour of a pixel, 0xRRGGBB.
    int at(int x, int y);
  }
}
