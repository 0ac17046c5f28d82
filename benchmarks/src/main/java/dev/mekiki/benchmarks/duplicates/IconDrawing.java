package dev.mekiki.benchmarks.duplicates;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.MatOfPoint;
import org.opencv.core.Point;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// Draws an icon: on a plate, three to six flat shapes of two to four colours that stand out from
/// it.
final class IconDrawing {
  private static final int SIDE = 256;

  /// Least difference in brightness between plate and shapes, of 255.
  private static final double CONTRAST = 70;

  private IconDrawing() {}

  static Mat draw(SplittableRandom random) {
    Mat picture = new Mat(SIDE, SIDE, CvType.CV_8UC3, Drawing.WHITE);
    Scalar plate = colour(random);
    int colours = random.nextInt(2, 5);
    List<Scalar> palette = new ArrayList<>();
    while (palette.size() < colours) {
      Scalar colour = colour(random);
      if (Math.abs(brightness(colour) - brightness(plate)) > CONTRAST) {
        palette.add(colour);
      }
    }
    plate(picture, random, plate);
    int shapes = random.nextInt(3, 7);
    for (int i = 0; i < shapes; i++) {
      // The first one makes the icon.
      double radius = i == 0 ? random.nextDouble(65, 95) : random.nextDouble(22, 75);
      shape(picture, random, radius, palette.get(i % palette.size()));
    }
    return picture;
  }

  private static double brightness(Scalar colour) {
    return 0.114 * colour.val[0] + 0.587 * colour.val[1] + 0.299 * colour.val[2];
  }

  private static void plate(Mat picture, SplittableRandom random, Scalar colour) {
    int margin = random.nextInt(4, 20);
    switch (random.nextInt(3)) {
      case 0 ->
          Imgproc.circle(
              picture,
              new Point(SIDE / 2.0, SIDE / 2.0),
              SIDE / 2 - margin,
              colour,
              Imgproc.FILLED,
              Imgproc.LINE_AA);
      case 1 -> {
        // A thick line around a rectangle has round corners.
        int radius = random.nextInt(10, 40);
        Point from = new Point(margin + radius, margin + radius);
        Point to = new Point(SIDE - margin - radius, SIDE - margin - radius);
        Imgproc.rectangle(picture, from, to, colour, 2 * radius, Imgproc.LINE_AA);
        Imgproc.rectangle(picture, from, to, colour, Imgproc.FILLED);
      }
      default -> {}
    }
  }

  private static void shape(Mat picture, SplittableRandom random, double radius, Scalar colour) {
    Point at = new Point(random.nextInt(60, SIDE - 60), random.nextInt(60, SIDE - 60));
    double turn = random.nextDouble(2 * Math.PI);
    switch (random.nextInt(5)) {
      case 0 -> polygon(picture, at, radius, radius, random.nextInt(3, 8), turn, colour);
      case 1 ->
          polygon(
              picture,
              at,
              radius,
              radius * random.nextDouble(0.35, 0.6),
              2 * random.nextInt(4, 9),
              turn,
              colour);
      case 2 ->
          Imgproc.ellipse(
              picture,
              at,
              new Size(radius, radius * random.nextDouble(0.4, 1)),
              Math.toDegrees(turn),
              0,
              random.nextInt(160, 361),
              colour,
              random.nextBoolean() ? Imgproc.FILLED : random.nextInt(6, 18),
              Imgproc.LINE_AA);
      case 3 -> {
        double dx = radius * Math.cos(turn);
        double dy = radius * Math.sin(turn);
        Imgproc.arrowedLine(
            picture,
            new Point(at.x - dx, at.y - dy),
            new Point(at.x + dx, at.y + dy),
            colour,
            random.nextInt(8, 20),
            Imgproc.LINE_AA,
            0,
            random.nextDouble(0.3, 0.6));
      }
      default ->
          Imgproc.putText(
              picture,
              String.valueOf((char) ('A' + random.nextInt(26))),
              new Point(at.x - radius / 2, at.y + radius / 2),
              Imgproc.FONT_HERSHEY_DUPLEX,
              radius / 18,
              colour,
              random.nextInt(5, 14),
              Imgproc.LINE_AA);
    }
  }

  /// Corners take turns between two radii: a star where they differ.
  private static void polygon(
      Mat picture, Point at, double outer, double inner, int corners, double turn, Scalar colour) {
    Point[] points = new Point[corners];
    for (int i = 0; i < corners; i++) {
      double angle = turn + 2 * Math.PI * i / corners;
      double radius = i % 2 == 0 ? outer : inner;
      points[i] = new Point(at.x + radius * Math.cos(angle), at.y + radius * Math.sin(angle));
    }
    MatOfPoint outline = new MatOfPoint(points);
    try {
      Imgproc.fillPoly(picture, List.of(outline), colour, Imgproc.LINE_AA);
    } finally {
      outline.release();
    }
  }

  private static Scalar colour(SplittableRandom random) {
    return new Scalar(random.nextInt(256), random.nextInt(256), random.nextInt(256));
  }
}
