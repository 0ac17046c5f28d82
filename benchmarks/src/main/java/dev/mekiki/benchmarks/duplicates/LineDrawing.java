package dev.mekiki.benchmarks.duplicates;

import java.util.SplittableRandom;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Point;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// Draws with a pen on white paper: a horizon, some houses, trees, figures and closed curves, parts
/// of them hatched.
final class LineDrawing {
  private static final int WIDTH = 420;
  private static final int HEIGHT = 340;

  private final SplittableRandom random;
  private final Mat picture = new Mat(HEIGHT, WIDTH, CvType.CV_8UC3, Drawing.WHITE);
  private final int pen;
  private final Scalar ink;

  LineDrawing(SplittableRandom random) {
    this.random = random;
    pen = random.nextInt(1, 4);
    ink = Drawing.grey(random.nextInt(60));
  }

  Mat draw() {
    horizon();
    int things = random.nextInt(5, 11);
    for (int i = 0; i < things; i++) {
      double x = random.nextDouble(30, WIDTH - 30.0);
      double y = random.nextDouble(110, HEIGHT - 10.0);
      double size = random.nextDouble(35, 110);
      switch (random.nextInt(5)) {
        case 0 -> house(x, y, size);
        case 1 -> tree(x, y, size);
        case 2 -> figure(x, y, size);
        case 3 -> hatching(x, y, size);
        default -> curve(x, y - size / 2, size / 2);
      }
    }
    return picture;
  }

  private void horizon() {
    double y = random.nextDouble(70, 200);
    for (double x = 0; x < WIDTH; ) {
      double nextX = x + random.nextDouble(15, 60);
      double nextY = Math.clamp(y + random.nextDouble(-45, 45), 20, 240);
      line(x, y, nextX, nextY);
      x = nextX;
      y = nextY;
    }
  }

  private void house(double x, double y, double size) {
    double height = size * random.nextDouble(0.5, 1);
    double roof = size * random.nextDouble(0.25, 0.7);
    Imgproc.rectangle(
        picture, new Point(x, y - height), new Point(x + size, y), ink, pen, Imgproc.LINE_AA);
    line(x, y - height, x + size / 2, y - height - roof);
    line(x + size, y - height, x + size / 2, y - height - roof);
    for (int window = random.nextInt(1, 4); window > 0; window--) {
      double side = size * random.nextDouble(0.12, 0.22);
      double left = x + random.nextDouble(0.05, 0.75) * size;
      double top = y - random.nextDouble(0.3, 0.9) * height;
      Imgproc.rectangle(
          picture, new Point(left, top), new Point(left + side, top + side), ink, pen);
      line(left + side / 2, top, left + side / 2, top + side);
    }
  }

  private void tree(double x, double y, double size) {
    branch(x, y, -Math.PI / 2, size * 0.45, 5);
  }

  private void branch(double x, double y, double angle, double length, int depth) {
    double endX = x + length * Math.cos(angle);
    double endY = y + length * Math.sin(angle);
    line(x, y, endX, endY);
    if (depth > 0 && length > 4) {
      for (int i = random.nextInt(2, 4); i > 0; i--) {
        branch(
            endX,
            endY,
            angle + random.nextDouble(-0.8, 0.8),
            length * random.nextDouble(0.5, 0.8),
            depth - 1);
      }
    }
  }

  private void figure(double x, double y, double size) {
    double head = size * random.nextDouble(0.1, 0.17);
    double neck = y - size + 2 * head;
    double hip = y - size * random.nextDouble(0.35, 0.45);
    Imgproc.circle(picture, new Point(x, neck - head), (int) head, ink, pen, Imgproc.LINE_AA);
    line(x, neck, x, hip);
    for (int limb = 0; limb < 4; limb++) {
      boolean isArm = limb < 2;
      double from = isArm ? neck + size * 0.08 : hip;
      double reach = size * random.nextDouble(0.1, 0.35) * (limb % 2 == 0 ? 1 : -1);
      line(x, from, x + reach, isArm ? from + size * random.nextDouble(-0.2, 0.3) : y);
    }
  }

  private void hatching(double x, double y, double size) {
    double angle = random.nextDouble(Math.PI);
    double dx = Math.cos(angle) * size / 2;
    double dy = Math.sin(angle) * size / 2;
    int lines = random.nextInt(5, 14);
    for (int i = 0; i < lines; i++) {
      double along = (i - lines / 2.0) * random.nextDouble(4, 9);
      double cx = x - Math.sin(angle) * along;
      double cy = y - size / 2 + Math.cos(angle) * along;
      line(cx - dx, cy - dy, cx + dx, cy + dy);
    }
  }

  /// A closed curve whose radius swings, with an ellipse in it.
  private void curve(double x, double y, double radius) {
    double[] strengths = new double[5];
    double[] phases = new double[5];
    for (int i = 0; i < strengths.length; i++) {
      strengths[i] = random.nextDouble(0.25) / (i + 1);
      phases[i] = random.nextDouble(2 * Math.PI);
    }
    double beforeX = Double.NaN;
    double beforeY = Double.NaN;
    for (int step = 0; step <= 90; step++) {
      double angle = step * 2 * Math.PI / 90;
      double factor = 1;
      for (int i = 0; i < strengths.length; i++) {
        factor += strengths[i] * Math.sin((i + 2) * angle + phases[i]);
      }
      double nextX = x + radius * factor * Math.cos(angle);
      double nextY = y + radius * factor * Math.sin(angle);
      if (step > 0) {
        line(beforeX, beforeY, nextX, nextY);
      }
      beforeX = nextX;
      beforeY = nextY;
    }
    Imgproc.ellipse(
        picture,
        new Point(x, y),
        new Size(radius * random.nextDouble(0.1, 0.5), radius * random.nextDouble(0.1, 0.5)),
        random.nextDouble(180),
        0,
        360,
        ink,
        pen,
        Imgproc.LINE_AA);
  }

  private void line(double x1, double y1, double x2, double y2) {
    Imgproc.line(picture, new Point(x1, y1), new Point(x2, y2), ink, pen, Imgproc.LINE_AA);
  }
}
