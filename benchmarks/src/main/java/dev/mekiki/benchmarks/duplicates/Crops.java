package dev.mekiki.benchmarks.duplicates;

import dev.mekiki.benchmarks.duplicates.Edit.Context;
import dev.mekiki.benchmarks.duplicates.Edit.Editor;
import org.opencv.core.Mat;
import org.opencv.core.MatOfPoint2f;
import org.opencv.core.Point;
import org.opencv.core.Rect;
import org.opencv.imgproc.Imgproc;

/// Edits that show a part of a picture.
final class Crops {
  private Crops() {}

  /// Without a share of each side, half of it at either end.
  static Editor middle(double share) {
    return (original, context) -> {
      int x = (int) (original.cols() * share / 2);
      int y = (int) (original.rows() * share / 2);
      return cut(
          original, context, new Rect(x, y, original.cols() - 2 * x, original.rows() - 2 * y));
    };
  }

  /// Without a share of one side; which end of which side goes by the number of the picture.
  static Editor oneSide(double share) {
    return (original, context) -> {
      int width = original.cols();
      int height = original.rows();
      int x = (int) (width * share);
      int y = (int) (height * share);
      return cut(
          original,
          context,
          switch (context.number() % 4) {
            case 0 -> new Rect(x, 0, width - x, height);
            case 1 -> new Rect(0, y, width, height - y);
            case 2 -> new Rect(0, 0, width - x, height);
            default -> new Rect(0, 0, width, height - y);
          });
    };
  }

  /// A part anywhere; each side keeps a share of its own.
  static Editor random(double least, double most) {
    return (original, context) -> {
      int width = (int) (original.cols() * context.random().nextDouble(least, most));
      int height = (int) (original.rows() * context.random().nextDouble(least, most));
      int x = context.random().nextInt(original.cols() - width + 1);
      int y = context.random().nextInt(original.rows() - height + 1);
      return cut(original, context, new Rect(x, y, width, height));
    };
  }

  private static Mat cut(Mat original, Context context, Rect part) {
    Mat view = context.mats().add(original.submat(part));
    return context.mats().add(view.clone());
  }

  /// Turned about its middle, the canvas as before: corners get lost, others are black.
  static Editor rotated(double degrees) {
    return (original, context) ->
        rotated(original, context, context.number() % 2 == 0 ? -degrees : degrees);
  }

  static Mat rotated(Mat original, Context context, double degrees) {
    Point middle = new Point((original.cols() - 1) / 2.0, (original.rows() - 1) / 2.0);
    Mat map = context.mats().add(Imgproc.getRotationMatrix2D(middle, degrees, 1));
    Mat rotated = context.mats().add();
    Imgproc.warpAffine(original, rotated, map, original.size(), Imgproc.INTER_LINEAR);
    return rotated;
  }

  /// Seen a little from one side.
  static Mat perspective(Mat original, Context context) {
    double width = original.cols();
    double height = original.rows();
    double lean = 0.06;
    MatOfPoint2f from =
        context
            .mats()
            .add(
                new MatOfPoint2f(
                    new Point(0, 0),
                    new Point(width, 0),
                    new Point(width, height),
                    new Point(0, height)));
    MatOfPoint2f to =
        context
            .mats()
            .add(
                context.number() % 2 == 0
                    ? new MatOfPoint2f(
                        new Point(lean * width, lean * height),
                        new Point(width, 0),
                        new Point(width, height),
                        new Point(lean * width, (1 - lean) * height))
                    : new MatOfPoint2f(
                        new Point(0, 0),
                        new Point(width, 0),
                        new Point((1 - lean) * width, height),
                        new Point(lean * width, height)));
    Mat map = context.mats().add(Imgproc.getPerspectiveTransform(from, to));
    Mat seen = context.mats().add();
    Imgproc.warpPerspective(original, seen, map, original.size());
    return seen;
  }
}
