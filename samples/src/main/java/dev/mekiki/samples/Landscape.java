package dev.mekiki.samples;

import static dev.mekiki.samples.Canvas.HEIGHT;
import static dev.mekiki.samples.Canvas.WIDTH;
import static dev.mekiki.samples.Canvas.circle;
import static dev.mekiki.samples.Canvas.ellipse;
import static dev.mekiki.samples.Canvas.mix;
import static dev.mekiki.samples.Canvas.polygon;
import static dev.mekiki.samples.Canvas.rectangle;
import static dev.mekiki.samples.Canvas.shade;
import static dev.mekiki.samples.Canvas.turned;

import java.awt.Color;
import java.awt.geom.Path2D;

/// Wide views: compositions of a background and what stands before it.
final class Landscape {
  private static final Color SUNLIGHT = new Color(255, 240, 190);

  private Landscape() {}

  static void mountains(Canvas canvas) {
    Color sky = canvas.colour(0.5, 1);
    canvas.background(sky, canvas.colour(0.4, 1));
    canvas.glow(
        canvas.uniform(40, 440), canvas.uniform(30, 180), canvas.uniform(40, 110), SUNLIGHT);
    int layers = canvas.whole(3, 5);
    double top = canvas.uniform(60, 170);
    for (int layer = 0; layer < layers; layer++) {
      Color rock = mix(sky, canvas.colour(0.1, 0.6), 0.4 + 0.6 * layer / layers);
      double height = top + (HEIGHT - top) * layer / layers;
      canvas.fill(canvas.ridge(height, canvas.uniform(25, 110)), rock);
    }
    for (int tree = canvas.whole(0, 14); tree > 0; tree--) {
      double x = canvas.uniform(0, WIDTH);
      double size = canvas.uniform(30, 110);
      double foot = canvas.uniform(HEIGHT - 60, HEIGHT + 20);
      canvas.fill(
          polygon(x - size / 3, foot, x + size / 3, foot, x, foot - size), canvas.colour(0.1, 0.5));
    }
  }

  static void sea(Canvas canvas) {
    double horizon = canvas.uniform(90, 250);
    canvas.background(canvas.colour(0.6, 1), canvas.colour(0.5, 1));
    for (int cloud = canvas.whole(2, 7); cloud > 0; cloud--) {
      double x = canvas.uniform(0, WIDTH);
      double y = canvas.uniform(10, horizon * 0.8);
      for (int puff = 0; puff < 6; puff++) {
        canvas.fill(
            ellipse(
                x + canvas.uniform(-60, 60),
                y + canvas.uniform(-12, 12),
                canvas.uniform(20, 55),
                canvas.uniform(8, 24)),
            new Color(255, 255, 255, 150));
      }
    }
    Color water = canvas.colour(0.25, 0.7);
    canvas.gradient(
        rectangle(0, horizon, WIDTH, HEIGHT - horizon),
        mix(water, Color.WHITE, 0.4),
        shade(water, 0.5),
        0,
        horizon,
        canvas.uniform(0, WIDTH),
        HEIGHT);
    for (int wave = 0; wave < 60; wave++) {
      double y = horizon + canvas.uniform(0, 1) * (HEIGHT - horizon);
      double length = 10 + (y - horizon) * canvas.uniform(0.1, 0.7);
      double x = canvas.uniform(0, WIDTH);
      canvas.fill(
          ellipse(x, y, length, 1 + (y - horizon) / 60),
          mix(water, Color.WHITE, canvas.uniform(0, 0.6)));
    }
    for (int boat = canvas.whole(1, 3); boat > 0; boat--) {
      double size = canvas.uniform(40, 130);
      double x = canvas.uniform(60, WIDTH - 60);
      double y = canvas.uniform(horizon + 20, HEIGHT - 30);
      canvas.fill(
          polygon(
              x - size * 0.6,
              y,
              x + size * 0.6,
              y,
              x + size * 0.4,
              y + size * 0.22,
              x - size * 0.4,
              y + size * 0.22),
          canvas.colour(0.2, 0.6));
      canvas.fill(
          polygon(x - 2, y - 4, x - 2, y - size * 1.2, x + size * 0.55, y - 4),
          canvas.colour(0.7, 1));
      canvas.fill(
          polygon(x - 6, y - 4, x - 6, y - size, x - size * 0.45, y - 4), canvas.colour(0.7, 1));
    }
  }

  static void skyline(Canvas canvas) {
    canvas.background(canvas.colour(0.1, 0.6), canvas.colour(0.5, 1));
    canvas.glow(canvas.uniform(40, 440), canvas.uniform(20, 120), canvas.uniform(30, 80), SUNLIGHT);
    for (int row = 0; row < 2; row++) {
      double x = canvas.uniform(-40, 0);
      while (x < WIDTH) {
        double width = canvas.uniform(28, 85);
        double height = canvas.uniform(60, row == 0 ? 310 : 190);
        Color wall = canvas.colour(row == 0 ? 0.35 : 0.08, row == 0 ? 0.7 : 0.35);
        canvas.fill(rectangle(x, HEIGHT - height, width, height), wall);
        Color window = canvas.chance(0.6) ? SUNLIGHT : shade(wall, 1.7);
        double pitch = canvas.uniform(12, 22);
        for (double wy = HEIGHT - height + 8; wy < HEIGHT - 10; wy += pitch) {
          for (double wx = x + 6; wx < x + width - 10; wx += pitch) {
            if (canvas.chance(0.55)) {
              canvas.fill(rectangle(wx, wy, pitch * 0.5, pitch * 0.55), window);
            }
          }
        }
        x += width + canvas.uniform(-4, 20);
      }
    }
  }

  static void planets(Canvas canvas) {
    canvas.background(canvas.colour(0.02, 0.25), canvas.colour(0.1, 0.45));
    for (int star = 0; star < 120; star++) {
      canvas.fill(
          circle(canvas.uniform(0, WIDTH), canvas.uniform(0, HEIGHT), canvas.uniform(0.4, 2)),
          Color.WHITE);
    }
    for (int nebula = canvas.whole(1, 4); nebula > 0; nebula--) {
      Color gas = canvas.colour(0.4, 0.9);
      canvas.glow(
          canvas.uniform(0, WIDTH),
          canvas.uniform(0, HEIGHT),
          canvas.uniform(60, 200),
          new Color(gas.getRed(), gas.getGreen(), gas.getBlue(), 120));
    }
    for (int planet = canvas.whole(1, 4); planet > 0; planet--) {
      double x = canvas.uniform(30, WIDTH - 30);
      double y = canvas.uniform(30, HEIGHT - 30);
      double radius = canvas.uniform(25, 125);
      Color ground = canvas.colour(0.5, 1);
      canvas.ball(x, y, radius, ground);
      if (canvas.chance(0.5)) {
        canvas.line(
            turned(ellipse(x, y, radius * 1.7, radius * 0.3), canvas.uniform(-1, 1), x, y),
            canvas.uniform(4, 14),
            mix(ground, Color.WHITE, 0.5));
      }
    }
  }

  static void aquarium(Canvas canvas) {
    Color water = canvas.colour(0.4, 0.9);
    canvas.background(mix(water, Color.WHITE, 0.4), shade(water, 0.35));
    canvas.fill(canvas.ridge(canvas.uniform(270, 330), 30), canvas.colour(0.3, 0.8));
    for (int plant = canvas.whole(2, 9); plant > 0; plant--) {
      double x = canvas.uniform(0, WIDTH);
      Path2D stalk = new Path2D.Double();
      stalk.moveTo(x, HEIGHT);
      double bend = canvas.uniform(-90, 90);
      stalk.curveTo(x + bend, 280, x - bend, 220, x + bend / 2, canvas.uniform(60, 230));
      canvas.line(stalk, canvas.uniform(6, 20), canvas.colour(0.2, 0.7));
    }
    for (int fish = canvas.whole(1, 5); fish > 0; fish--) {
      double x = canvas.uniform(70, WIDTH - 70);
      double y = canvas.uniform(40, 290);
      double length = canvas.uniform(35, 100);
      double facing = canvas.chance(0.5) ? 1 : -1;
      Color scales = canvas.colour(0.55, 1);
      canvas.fill(
          polygon(
              x - facing * length * 0.7,
              y,
              x - facing * length * 1.35,
              y - length * 0.45,
              x - facing * length * 1.35,
              y + length * 0.45),
          shade(scales, 0.7));
      canvas.fill(ellipse(x, y, length, length * canvas.uniform(0.35, 0.65)), scales);
      for (int stripe = canvas.whole(0, 3); stripe > 0; stripe--) {
        canvas.fill(
            ellipse(x - facing * length * (0.25 * stripe - 0.3), y, length * 0.07, length * 0.33),
            shade(scales, 0.4));
      }
      canvas.fill(circle(x + facing * length * 0.62, y - length * 0.1, length * 0.1), Color.WHITE);
      canvas.fill(circle(x + facing * length * 0.64, y - length * 0.1, length * 0.05), Color.BLACK);
    }
  }
}
