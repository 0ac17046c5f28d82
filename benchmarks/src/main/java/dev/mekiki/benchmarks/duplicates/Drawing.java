package dev.mekiki.benchmarks.duplicates;

import java.util.List;
import java.util.SplittableRandom;
import org.opencv.core.Mat;
import org.opencv.core.Point;
import org.opencv.core.Scalar;
import org.opencv.imgproc.Imgproc;

/// Draws text into pictures, as people who share them do.
final class Drawing {
  static final Scalar WHITE = new Scalar(255, 255, 255);
  static final Scalar BLACK = new Scalar(0, 0, 0);

  private static final List<String> WORDS =
      List.of(
          "THE",
          "QUICK",
          "SALE",
          "NEW",
          "ONLY",
          "TODAY",
          "FREE",
          "SHIPPING",
          "WHEN",
          "YOU",
          "SEE",
          "IT",
          "BEST",
          "OFFER",
          "COTTON",
          "SIZE",
          "M",
          "LOOK",
          "AT",
          "THIS",
          "FRIEND",
          "SHARE",
          "LIKE",
          "FOLLOW",
          "ME",
          "2024",
          "PRICE",
          "1999");

  /// Height of the font's capitals at scale 1, in pixels.
  private static final double FONT_HEIGHT = 22;

  private Drawing() {}

  /// So many words.
  static String words(int count, SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : " ").append(WORDS.get(random.nextInt(WORDS.size())));
    }
    return text.toString();
  }

  /// A grey of one value.
  static Scalar grey(int value) {
    return new Scalar(value, value, value);
  }

  /// Writes a line, smaller where it would be too wide.
  ///
  /// @param x left end, share of the width
  /// @param y base line, share of the height
  /// @param maxWidth share of the width
  /// @param height of capitals, share of the height
  static void text(
      Mat picture, String text, double x, double y, double maxWidth, double height, Scalar colour) {
    line(picture, text, x, y, maxWidth, height, colour, 1);
  }

  /// The same with a border around each letter.
  static void outlined(
      Mat picture, String text, double x, double y, double maxWidth, double height) {
    line(picture, text, x, y, maxWidth, height, BLACK, 3);
    line(picture, text, x, y, maxWidth, height, WHITE, 1);
  }

  private static void line(
      Mat picture,
      String text,
      double x,
      double y,
      double maxWidth,
      double height,
      Scalar colour,
      int weight) {
    double pixels = height * picture.rows();
    int thickness = Math.max(1, (int) (pixels / 10));
    double scale = pixels / FONT_HEIGHT;
    double width =
        Imgproc.getTextSize(text, Imgproc.FONT_HERSHEY_DUPLEX, scale, thickness, null).width;
    double room = maxWidth * picture.cols();
    Imgproc.putText(
        picture,
        text,
        new Point((int) (x * picture.cols()), (int) (y * picture.rows())),
        Imgproc.FONT_HERSHEY_DUPLEX,
        width > room ? scale * room / width : scale,
        colour,
        thickness * weight,
        Imgproc.LINE_AA);
  }

  /// Fills a rectangle.
  ///
  /// @param top share of the height
  /// @param bottom share of the height
  static void band(Mat picture, double top, double bottom, Scalar colour) {
    Imgproc.rectangle(
        picture,
        new Point(0, (int) (top * picture.rows())),
        new Point(picture.cols() - 1.0, (int) (bottom * picture.rows()) - 1.0),
        colour,
        Imgproc.FILLED);
  }
}
