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

/// One thing or a few of a kind in the foreground.
final class StillLife {
  private StillLife() {}

  static void vase(Canvas canvas) {
    backdrop(canvas);
    int count = canvas.whole(1, 3);
    for (int vase = 0; vase < count; vase++) {
      double x = WIDTH * (vase + 0.5) / count + canvas.uniform(-40, 40);
      double foot = canvas.uniform(270, 335);
      double height = canvas.uniform(140, 240);
      int rings = 7;
      double[] radius = new double[rings];
      for (int i = 0; i < rings; i++) {
        radius[i] = canvas.uniform(14, count == 1 ? 105 : 60);
      }
      Path2D body = new Path2D.Double();
      body.moveTo(x - radius[0], foot);
      for (int i = 1; i < rings; i++) {
        double y = foot - height * i / (rings - 1);
        double control = foot - height * (i - 0.5) / (rings - 1);
        body.curveTo(x - radius[i - 1], control, x - radius[i], control, x - radius[i], y);
      }
      body.lineTo(x + radius[rings - 1], foot - height);
      for (int i = rings - 2; i >= 0; i--) {
        double y = foot - height * i / (rings - 1);
        double control = foot - height * (i + 0.5) / (rings - 1);
        body.curveTo(x + radius[i + 1], control, x + radius[i], control, x + radius[i], y);
      }
      body.closePath();
      canvas.fill(ellipse(x + 30, foot, 110, 14), new Color(0, 0, 0, 90));
      Color glaze = canvas.colour(0.4, 0.95);
      canvas.gradient(
          body, mix(glaze, Color.WHITE, 0.5), shade(glaze, 0.3), x - 70, foot, x + 80, foot);
      canvas.graphics.setClip(body);
      for (int band = canvas.whole(1, 4); band > 0; band--) {
        canvas.fill(
            rectangle(0, foot - canvas.uniform(0.1, 0.9) * height, WIDTH, canvas.uniform(6, 30)),
            canvas.colour(0.2, 0.9));
      }
      canvas.graphics.setClip(null);
    }
  }

  static void flowers(Canvas canvas) {
    canvas.background(canvas.colour(0.15, 0.6), canvas.colour(0.4, 1));
    int flowers = canvas.whole(1, 6);
    for (int flower = 0; flower < flowers; flower++) {
      double x = canvas.uniform(40, WIDTH - 40);
      double y = canvas.uniform(50, 240);
      double size = canvas.uniform(45, flowers < 3 ? 130 : 80);
      Path2D stem = new Path2D.Double();
      stem.moveTo(x, y);
      stem.quadTo(x + canvas.uniform(-70, 70), 250, x + canvas.uniform(-40, 40), HEIGHT);
      canvas.line(stem, canvas.uniform(5, 11), new Color(40, canvas.whole(80, 150), 50));
      Color petal = canvas.colour(0.6, 1);
      int petals = canvas.whole(5, 13);
      double turn = canvas.uniform(0, Math.PI);
      double slim = canvas.uniform(0.14, 0.34);
      for (int i = 0; i < petals; i++) {
        canvas.fill(
            turned(
                ellipse(x + size * 0.55, y, size * 0.5, size * slim),
                turn + 2 * Math.PI * i / petals,
                x,
                y),
            shade(petal, 0.75 + 0.25 * (i % 3) / 2.0));
      }
      canvas.ball(x, y, size * canvas.uniform(0.16, 0.32), canvas.colour(0.3, 1));
    }
  }

  static void car(Canvas canvas) {
    canvas.background(canvas.colour(0.6, 1), canvas.colour(0.4, 1));
    canvas.fill(canvas.ridge(canvas.uniform(110, 220), 60), canvas.colour(0.2, 0.7));
    double road = canvas.uniform(215, 290);
    canvas.fill(rectangle(0, road, WIDTH, HEIGHT - road), canvas.colour(0.15, 0.4));
    double size = canvas.uniform(85, 165);
    double x = canvas.uniform(size + 5, WIDTH - size - 5);
    double y = road + canvas.uniform(0, 35);
    double facing = canvas.chance(0.5) ? 1 : -1;
    double roof = canvas.uniform(0.45, 0.85);
    Color paint = canvas.colour(0.4, 1);
    canvas.fill(ellipse(x, y + size * 0.33, size * 1.05, size * 0.1), new Color(0, 0, 0, 110));
    canvas.fill(
        polygon(
            x - facing * size,
            y + size * 0.25,
            x - facing * size,
            y - size * 0.1,
            x - facing * size * 0.7,
            y - size * 0.15,
            x - facing * size * canvas.uniform(0.3, 0.6),
            y - size * roof,
            x + facing * size * canvas.uniform(0.1, 0.5),
            y - size * roof,
            x + facing * size * 0.6,
            y - size * 0.12,
            x + facing * size,
            y - size * 0.02,
            x + facing * size,
            y + size * 0.25),
        paint);
    canvas.fill(
        polygon(
            x - facing * size * 0.5,
            y - size * 0.17,
            x - facing * size * 0.35,
            y - size * (roof - 0.1),
            x + facing * size * 0.2,
            y - size * (roof - 0.1),
            x + facing * size * 0.42,
            y - size * 0.15),
        canvas.colour(0.7, 1));
    for (double wheel : new double[] {-0.58, 0.6}) {
      canvas.fill(circle(x + wheel * size, y + size * 0.22, size * 0.2), new Color(25, 25, 28));
      canvas.ball(x + wheel * size, y + size * 0.22, size * 0.11, Color.LIGHT_GRAY);
    }
    for (double dash = canvas.uniform(-30, 10); dash < WIDTH; dash += 70) {
      canvas.fill(rectangle(dash, (road + HEIGHT) / 2 + 25, 40, 7), new Color(235, 230, 200));
    }
  }

  static void house(Canvas canvas) {
    canvas.background(canvas.colour(0.6, 1), canvas.colour(0.5, 1));
    canvas.fill(canvas.ridge(canvas.uniform(200, 280), 30), canvas.colour(0.3, 0.7));
    int houses = canvas.whole(1, 3);
    for (int house = 0; house < houses; house++) {
      double width = canvas.uniform(100, houses == 1 ? 260 : 150);
      double height = canvas.uniform(80, 160);
      double x = WIDTH * (house + 0.5) / houses + canvas.uniform(-50, 50) - width / 2;
      double foot = canvas.uniform(280, 340);
      Color wall = canvas.colour(0.5, 1);
      canvas.fill(rectangle(x, foot - height, width, height), wall);
      double peak = canvas.uniform(40, 110);
      canvas.fill(
          polygon(
              x - 20,
              foot - height,
              x + width + 20,
              foot - height,
              x + width * canvas.uniform(0.2, 0.8),
              foot - height - peak),
          canvas.colour(0.15, 0.6));
      double door = x + width * canvas.uniform(0.15, 0.7);
      canvas.fill(
          rectangle(door, foot - height * 0.55, width * 0.17, height * 0.55), shade(wall, 0.35));
      for (int window = canvas.whole(1, 4); window > 0; window--) {
        double wx = x + width * canvas.uniform(0.05, 0.8);
        canvas.fill(
            rectangle(wx, foot - height * canvas.uniform(0.7, 0.95), width * 0.14, height * 0.24),
            canvas.colour(0.8, 1));
      }
    }
    for (int tree = canvas.whole(0, 4); tree > 0; tree--) {
      double x = canvas.uniform(20, WIDTH - 20);
      double foot = canvas.uniform(270, 345);
      double crown = canvas.uniform(30, 75);
      canvas.fill(rectangle(x - 6, foot - 60, 12, 60), new Color(90, 60, 40));
      canvas.ball(x, foot - 60 - crown * 0.6, crown, new Color(50, canvas.whole(90, 170), 60));
    }
  }

  static void fruit(Canvas canvas) {
    backdrop(canvas);
    for (int fruit = canvas.whole(3, 9); fruit > 0; fruit--) {
      double radius = canvas.uniform(28, 85);
      double x = canvas.uniform(50, WIDTH - 50);
      double y = canvas.uniform(130, 310);
      canvas.fill(
          ellipse(x + radius * 0.4, y + radius * 0.9, radius * 1.1, radius * 0.25),
          new Color(0, 0, 0, 80));
      canvas.ball(x, y, radius, canvas.colour(0.45, 1));
      Path2D stalk = new Path2D.Double();
      stalk.moveTo(x, y - radius * 0.8);
      stalk.quadTo(x + 4, y - radius, x + canvas.uniform(-14, 14), y - radius * 1.25);
      canvas.line(stalk, 4, new Color(70, 50, 30));
    }
  }

  /// A wall and a table that a thing stands on.
  private static void backdrop(Canvas canvas) {
    canvas.background(canvas.colour(0.3, 1), canvas.colour(0.2, 0.9));
    double edge = canvas.uniform(200, 270);
    Color table = canvas.colour(0.25, 0.8);
    canvas.gradient(
        rectangle(0, edge, WIDTH, HEIGHT - edge),
        shade(table, 0.6),
        mix(table, Color.WHITE, 0.3),
        0,
        edge,
        canvas.uniform(0, WIDTH),
        HEIGHT);
    canvas.glow(
        canvas.uniform(0, WIDTH),
        canvas.uniform(0, 120),
        canvas.uniform(80, 220),
        new Color(255, 255, 255, 70));
  }
}
