package dev.mekiki.launcher.sample;

import static dev.mekiki.launcher.sample.Canvas.HEIGHT;
import static dev.mekiki.launcher.sample.Canvas.WIDTH;
import static dev.mekiki.launcher.sample.Canvas.circle;
import static dev.mekiki.launcher.sample.Canvas.ellipse;
import static dev.mekiki.launcher.sample.Canvas.mix;
import static dev.mekiki.launcher.sample.Canvas.polygon;
import static dev.mekiki.launcher.sample.Canvas.rectangle;
import static dev.mekiki.launcher.sample.Canvas.shade;
import static dev.mekiki.launcher.sample.Canvas.turned;

import java.awt.Color;
import java.awt.geom.Path2D;
import java.util.List;

/// What a scene shows. Every composition draws its layout from the canvas' chance, so that two
/// scenes of one composition are two pictures.
enum Composition {
  MOUNTAINS {
    @Override
    void paint(Canvas canvas) {
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
            polygon(x - size / 3, foot, x + size / 3, foot, x, foot - size),
            canvas.colour(0.1, 0.5));
      }
    }
  },

  SEA {
    @Override
    void paint(Canvas canvas) {
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
  },

  SKYLINE {
    @Override
    void paint(Canvas canvas) {
      canvas.background(canvas.colour(0.1, 0.6), canvas.colour(0.5, 1));
      canvas.glow(
          canvas.uniform(40, 440), canvas.uniform(20, 120), canvas.uniform(30, 80), SUNLIGHT);
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
  },

  VASE {
    @Override
    void paint(Canvas canvas) {
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
  },

  MOSAIC {
    @Override
    void paint(Canvas canvas) {
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
  },

  MARBLE {
    @Override
    void paint(Canvas canvas) {
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
  },

  FLOWERS {
    @Override
    void paint(Canvas canvas) {
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
  },

  POSTER {
    @Override
    void paint(Canvas canvas) {
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
  },

  AQUARIUM {
    @Override
    void paint(Canvas canvas) {
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
        canvas.fill(
            circle(x + facing * length * 0.62, y - length * 0.1, length * 0.1), Color.WHITE);
        canvas.fill(
            circle(x + facing * length * 0.64, y - length * 0.1, length * 0.05), Color.BLACK);
      }
    }
  },

  CAR {
    @Override
    void paint(Canvas canvas) {
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
  },

  PLANETS {
    @Override
    void paint(Canvas canvas) {
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
  },

  HOUSE {
    @Override
    void paint(Canvas canvas) {
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
  },

  FRUIT {
    @Override
    void paint(Canvas canvas) {
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
  },

  RAYS {
    @Override
    void paint(Canvas canvas) {
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
  };

  static final List<Composition> ALL = List.of(values());

  private static final Color SUNLIGHT = new Color(255, 240, 190);

  abstract void paint(Canvas canvas);

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
