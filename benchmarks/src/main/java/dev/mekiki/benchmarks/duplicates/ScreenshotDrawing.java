package dev.mekiki.benchmarks.duplicates;

import java.util.SplittableRandom;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Point;
import org.opencv.core.Scalar;
import org.opencv.imgproc.Imgproc;

/// Draws a window of a made-up program: a bar with its title, perhaps a list at one side, and one
/// to three parts with text, a table, code or a diagram. Words are random letters, so that no two
/// pictures have a line in common.
final class ScreenshotDrawing {
  private static final int MIN_WIDTH = 480;
  private static final int MIN_HEIGHT = 360;
  private static final int[] FONTS = {
    Imgproc.FONT_HERSHEY_SIMPLEX, Imgproc.FONT_HERSHEY_DUPLEX, Imgproc.FONT_HERSHEY_COMPLEX
  };

  private final SplittableRandom random;
  private final boolean dark;
  private final int font;
  private final double size;
  private final int lineHeight;
  private final Mat picture;

  ScreenshotDrawing(SplittableRandom random) {
    this.random = random;
    dark = random.nextInt(3) == 0;
    font = FONTS[random.nextInt(FONTS.length)];
    size = random.nextDouble(0.35, 0.6);
    lineHeight = (int) (size * random.nextDouble(34, 46));
    picture =
        new Mat(
            MIN_HEIGHT + random.nextInt(300),
            MIN_WIDTH + random.nextInt(320),
            CvType.CV_8UC3,
            dark ? shade(20, 45) : shade(240, 256));
  }

  Mat draw() {
    int bar = random.nextInt(22, 36);
    fill(0, 0, picture.cols(), bar, dark ? shade(50, 80) : shade(200, 235));
    for (int button = 0; button < 3; button++) {
      Imgproc.circle(
          picture, new Point(14 + 18.0 * button, bar / 2.0), 5, colour(), Imgproc.FILLED);
    }
    write(words(18), 80 + random.nextInt(80), bar - 9, 0.45, ink());
    int left = 0;
    int right = picture.cols();
    if (random.nextInt(3) > 0) {
      int width = random.nextInt(90, 160);
      boolean atLeft = random.nextBoolean();
      sidebar(atLeft ? 0 : right - width, bar, width);
      left = atLeft ? width : 0;
      right = atLeft ? right : right - width;
    }
    int parts = random.nextInt(1, 4);
    int top = bar;
    for (int part = 0; part < parts; part++) {
      int bottom =
          part == parts - 1
              ? picture.rows()
              : top + (picture.rows() - top) / (parts - part) + random.nextInt(-20, 21);
      switch (random.nextInt(4)) {
        case 0 -> table(left + 10, top + 10, right - 10, bottom - 10);
        case 1 -> code(left + 10, top + 10, right - 10, bottom - 10);
        case 2 -> diagram(left + 10, top + 10, right - 10, bottom - 10);
        default -> text(left + 10, top + 10, right - 10, bottom - 10);
      }
      top = bottom;
    }
    return picture;
  }

  private void sidebar(int left, int top, int width) {
    fill(left, top, left + width, picture.rows(), dark ? shade(35, 60) : shade(215, 240));
    int step = lineHeight + random.nextInt(12);
    for (int y = top + step; y < picture.rows() - 5; y += step) {
      if (random.nextInt(5) == 0) {
        fill(left + 4, y - step + 6, left + width - 4, y + 6, colour());
      }
      write(words(random.nextInt(5, 12)), left + 10, y, size, ink());
    }
  }

  private void text(int left, int top, int right, int bottom) {
    int y = top + lineHeight;
    write(words(14), left, y, size * 1.5, ink());
    for (y += lineHeight * 3 / 2; y < bottom; y += lineHeight) {
      boolean isLast = random.nextInt(6) == 0;
      write(words(letters(right - left) / (isLast ? 2 : 1)), left, y, size, ink());
      y += isLast ? lineHeight / 2 : 0;
    }
  }

  private void code(int left, int top, int right, int bottom) {
    fill(left, top, right, bottom, dark ? shade(10, 30) : shade(225, 245));
    int indent = 0;
    for (int y = top + lineHeight; y < bottom; y += lineHeight) {
      indent = Math.clamp(indent + random.nextInt(-1, 2), 0, 5);
      int x = left + 8 + 18 * indent;
      int letters = random.nextInt(4, Math.max(5, letters(right - x) - 4));
      write(words(letters), x, y, size, random.nextInt(3) == 0 ? colour() : ink());
    }
  }

  private void table(int left, int top, int right, int bottom) {
    int columns = random.nextInt(2, 6);
    int width = (right - left) / columns;
    int height = lineHeight + random.nextInt(4, 12);
    fill(left, top, right, top + height, colour());
    for (int y = top; y + height < bottom; y += height) {
      Imgproc.line(picture, new Point(left, y), new Point(right, y), shade(120, 190), 1);
      for (int column = 0; column < columns; column++) {
        int letters = random.nextInt(2, Math.max(3, letters(width) - 1));
        String cell =
            random.nextBoolean() ? words(letters) : Integer.toString(random.nextInt(100_000));
        write(cell, left + column * width + 5, y + height - 7, size, ink());
      }
    }
  }

  /// Bars, or a line, between axes.
  private void diagram(int left, int top, int right, int bottom) {
    if (bottom - top < 40) {
      return;
    }
    Imgproc.line(picture, new Point(left, top), new Point(left, bottom), ink(), 1);
    Imgproc.line(picture, new Point(left, bottom), new Point(right, bottom), ink(), 1);
    int values = random.nextInt(6, 24);
    double step = (right - left) / (double) values;
    Scalar colour = colour();
    boolean bars = random.nextBoolean();
    double before = random.nextDouble(top, bottom);
    for (int value = 0; value < values; value++) {
      double at = random.nextDouble(top, bottom);
      double x = left + value * step;
      if (bars) {
        fill((int) x + 2, (int) at, (int) (x + step * 0.7) + 2, bottom, colour);
      } else {
        Imgproc.line(
            picture, new Point(x, before), new Point(x + step, at), colour, 2, Imgproc.LINE_AA);
      }
      before = at;
    }
    write(words(16), left + 20, top + lineHeight, size, ink());
  }

  private int letters(int width) {
    return Math.max(4, (int) (width / (size * 20)));
  }

  private String words(int letters) {
    StringBuilder words = new StringBuilder();
    while (words.length() < letters) {
      int length = random.nextInt(2, 9);
      for (int i = 0; i < length; i++) {
        int first = i == 0 && random.nextInt(6) == 0 ? 'A' : 'a';
        words.append((char) (first + random.nextInt(26)));
      }
      words.append(' ');
    }
    return words.substring(0, letters);
  }

  private void write(String text, int x, int y, double scale, Scalar colour) {
    Imgproc.putText(picture, text, new Point(x, y), font, scale, colour, 1, Imgproc.LINE_AA);
  }

  private void fill(int left, int top, int right, int bottom, Scalar colour) {
    Imgproc.rectangle(
        picture,
        new Point(left, top),
        new Point(right - 1.0, bottom - 1.0),
        colour,
        Imgproc.FILLED);
  }

  private Scalar ink() {
    return dark ? Drawing.grey(215) : Drawing.grey(35);
  }

  private Scalar shade(int from, int to) {
    return Drawing.grey(random.nextInt(from, to));
  }

  private Scalar colour() {
    return new Scalar(random.nextInt(40, 230), random.nextInt(40, 230), random.nextInt(40, 230));
  }
}
