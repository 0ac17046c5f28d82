package dev.mekiki.samples;

import static dev.mekiki.samples.Canvas.HEIGHT;
import static dev.mekiki.samples.Canvas.WIDTH;
import static dev.mekiki.samples.Canvas.circle;
import static dev.mekiki.samples.Canvas.mix;
import static dev.mekiki.samples.Canvas.polygon;
import static dev.mekiki.samples.Canvas.rectangle;
import static dev.mekiki.samples.Canvas.turned;

import java.awt.Color;

/// Compositions without a subject: shapes and textures over the whole canvas.
final class Pattern {
  private Pattern() {}

  static void mosaic(Canvas canvas) {
    int seeds = canvas.whole(9, 30);
    double[] x = new double[seeds];
    double[] y = new double[seeds];
    int[] rgb = new int[seeds];
    for (int i = 0; i < seeds; i++) {
      x[i] = canvas.uniform(0, WIDTH);
      y[i] = canvas.uniform(0, HEIGHT);
      rgb[i] = canvas.colour(0.1, 1).getRGB();
    }
    canvas.pixels((px, py) -> {
      int nearest = 0;
      double best = Double.MAX_VALUE;
      double second = Double.MAX_VALUE;
      for (int i = 0; i < seeds; i++) {
        double distance = (px - x[i]) * (px - x[i]) + (py - y[i]) * (py - y[i]);
        if (distance < best) {
          second = best;
          best = distance;
          nearest = i;
        } else if (distance < second) {
          second = distance;
        }
      }
      return Math.sqrt(second) - Math.sqrt(best) < 5 ? 0x181818 : rgb[nearest];
    });
  }

  static void marble(Canvas canvas) {
    float[] warp = canvas.noise(canvas.uniform(2, 4), 4);
    float[] veins = canvas.noise(canvas.uniform(2, 5), 5);
    double angle = canvas.uniform(0, Math.PI);
    double waves = canvas.uniform(2, 6);
    double turbulence = canvas.uniform(1, 4);
    Color dark = canvas.colour(0.05, 0.4);
    Color light = canvas.colour(0.55, 0.8);
    canvas.pixels((x, y) -> {
      int at = y * WIDTH + x;
      double along = (x * StrictMath.cos(angle) + y * StrictMath.sin(angle)) / WIDTH;
      double wave = StrictMath.sin(2 * Math.PI * waves * along + turbulence * warp[at]);
      return mix(dark, light, 0.5 + 0.35 * wave + 0.2 * veins[at]).getRGB();
    });
  }

  static void poster(Canvas canvas) {
    canvas.background(canvas.colour(0.1, 1), canvas.colour(0.1, 1));
    for (int shape = canvas.whole(6, 14); shape > 0; shape--) {
      double x = canvas.uniform(0, WIDTH);
      double y = canvas.uniform(0, HEIGHT);
      double size = canvas.uniform(30, 150);
      Color colour = canvas.colour(0.05, 1);
      switch (canvas.whole(0, 3)) {
        case 0 -> canvas.fill(circle(x, y, size), colour);
        case 1 -> canvas.line(circle(x, y, size), canvas.uniform(8, 30), colour);
        case 2 ->
            canvas.fill(
                turned(
                    polygon(x - size, y + size, x + size, y + size, x, y - size),
                    canvas.uniform(0, 6),
                    x,
                    y),
                colour);
        default ->
            canvas.fill(
                turned(
                    rectangle(x - size, y - size / 3, 2 * size, size / 1.5),
                    canvas.uniform(0, 3),
                    x,
                    y),
                colour);
      }
    }
  }

  static void rays(Canvas canvas) {
    double x = canvas.uniform(60, WIDTH - 60);
    double y = canvas.uniform(50, HEIGHT - 50);
    int rays = canvas.whole(5, 17);
    double twist = canvas.uniform(-2.5, 2.5);
    double phase = canvas.uniform(0, 6);
    double rings = canvas.uniform(0, 5);
    Color dark = canvas.colour(0.05, 0.5);
    Color light = canvas.colour(0.6, 1);
    canvas.pixels((px, py) -> {
      double radius = StrictMath.hypot(px - x, py - y) / WIDTH;
      double angle = StrictMath.atan2(py - y, px - x);
      double wave = StrictMath.sin(rays * angle + phase + 2 * Math.PI * twist * radius);
      double ring = StrictMath.cos(2 * Math.PI * rings * radius);
      return mix(dark, light, 0.5 + 0.5 * StrictMath.tanh(3 * (wave + 0.6 * ring))).getRGB();
    });
    for (int disc = canvas.whole(0, 3); disc > 0; disc--) {
      canvas.ball(
          canvas.uniform(0, WIDTH),
          canvas.uniform(0, HEIGHT),
          canvas.uniform(20, 90),
          canvas.colour(0.3, 1));
    }
  }
}
