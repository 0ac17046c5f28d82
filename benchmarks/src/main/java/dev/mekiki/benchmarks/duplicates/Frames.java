package dev.mekiki.benchmarks.duplicates;

import dev.mekiki.benchmarks.duplicates.Edit.Context;
import dev.mekiki.benchmarks.duplicates.Edit.Editor;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Point;
import org.opencv.core.Rect;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// Edits that add something around a picture or over it.
final class Frames {
  private static final List<Scalar> BORDERS =
      List.of(Drawing.WHITE, Drawing.BLACK, new Scalar(40, 40, 200));
  private static final List<Scalar> GROUNDS =
      List.of(Drawing.WHITE, Drawing.grey(30), new Scalar(180, 120, 60));

  private Frames() {}

  /// A border of one colour; its width is a share of the longer side.
  static Editor border(double share) {
    return (original, context) -> {
      int width = (int) Math.round(Math.max(original.cols(), original.rows()) * share);
      Mat framed = context.mats().add();
      Core.copyMakeBorder(
          original,
          framed,
          width,
          width,
          width,
          width,
          Core.BORDER_CONSTANT,
          BORDERS.get(context.number() % BORDERS.size()));
      return framed;
    };
  }

  /// Black bars above and below, or at both sides, until the picture has the shape of a film.
  static Mat letterbox(Mat original, Context context) {
    int width = original.cols();
    int height = original.rows();
    int sides = Math.max(0, (height * 16 / 9 - width) / 2);
    int ends = sides > 0 ? 0 : Math.max(0, (width * 3 / 4 - height) / 2 + height / 8);
    Mat framed = context.mats().add();
    Core.copyMakeBorder(
        original, framed, ends, ends, sides, sides, Core.BORDER_CONSTANT, Drawing.BLACK);
    return framed;
  }

  /// A band with text over the upper or lower end; its height is a share of the picture's.
  static Editor caption(double share) {
    return (original, context) -> {
      Mat captioned = context.mats().add(original.clone());
      boolean dark = context.number() % 2 == 1;
      double top = context.number() % 3 == 0 ? 0 : 1 - share;
      Drawing.band(captioned, top, top + share, Drawing.grey(dark ? 15 : 245));
      int lines = share < 0.12 ? 1 : 2;
      double height = share / lines;
      for (int line = 0; line < lines; line++) {
        Drawing.text(
            captioned,
            Drawing.words(5, context.random()),
            0.04,
            top + height * (line + 0.72),
            0.92,
            height / 2,
            Drawing.grey(dark ? 255 : 10));
      }
      return captioned;
    };
  }

  /// Large outlined text over both ends.
  static Mat meme(Mat original, Context context) {
    Mat meme = context.mats().add(original.clone());
    Drawing.outlined(meme, Drawing.words(5, context.random()), 0.04, 0.11, 0.92, 0.08);
    Drawing.outlined(meme, Drawing.words(5, context.random()), 0.04, 0.86, 0.92, 0.08);
    Drawing.outlined(meme, Drawing.words(4, context.random()), 0.04, 0.96, 0.92, 0.08);
    return meme;
  }

  /// Three lines of half-transparent text.
  static Mat watermark(Mat original, Context context) {
    Mat written = context.mats().add(original.clone());
    for (int line = 0; line < 3; line++) {
      Drawing.text(
          written,
          Drawing.words(3, context.random()),
          0.05,
          0.3 + 0.25 * line,
          0.9,
          0.09,
          Drawing.WHITE);
    }
    Mat marked = context.mats().add();
    Core.addWeighted(original, 0.5, written, 0.5, 0, marked);
    return marked;
  }

  /// Shown by an app on a phone.
  static Mat screenshot(Mat original, Context context) {
    int width = original.cols();
    int height = original.rows();
    int screen = height < width * 1.3 ? width * 16 / 9 : (int) (height * 1.5);
    boolean dark = context.number() % 2 == 1;
    Mat shot = context.mats().add(new Mat(screen, width, CvType.CV_8UC3));
    shot.setTo(Drawing.grey(dark ? 18 : 250));
    Scalar ink = Drawing.grey(dark ? 240 : 20);
    int top = (screen - height) / 2;
    double unit = (double) width / screen;
    String time = "%02d:%02d".formatted(context.random().nextInt(24), context.random().nextInt(60));
    Drawing.text(shot, time, 0.05, 0.06 * unit, 0.2, 0.035 * unit, ink);
    Imgproc.rectangle(
        shot, new Point(width * 0.85, width * 0.03), new Point(width * 0.93, width * 0.06), ink, 2);
    Imgproc.circle(
        shot,
        new Point(width * 0.09, top - width * 0.07),
        (int) (width * 0.045),
        new Scalar(90, 140, 200),
        Imgproc.FILLED,
        Imgproc.LINE_AA);
    Drawing.text(
        shot,
        Drawing.words(2, context.random()),
        0.17,
        (top - width * 0.05) / screen,
        0.5,
        0.04 * unit,
        ink);
    Drawing.text(
        shot,
        Drawing.words(4, context.random()),
        0.05,
        (top + height + width * 0.09) / screen,
        0.8,
        0.04 * unit,
        ink);
    for (int button = 0; button < 4; button++) {
      Imgproc.circle(
          shot,
          new Point(width * (0.15 + 0.23 * button), screen - width * 0.07),
          (int) (width * 0.03),
          ink,
          2,
          Imgproc.LINE_AA);
    }
    original.copyTo(context.mats().add(shot.submat(new Rect(0, top, width, height))));
    return shot;
  }

  /// Small, in the middle of another picture or of one colour.
  static Editor inset(double scale, boolean onPhoto) {
    return (original, context) ->
        inset(original, context, scale, 0.5, 0.5, onPhoto ? context.background() : null);
  }

  /// Small, anywhere in another picture.
  static Mat placedInset(Mat original, Context context) {
    return inset(
        original,
        context,
        context.random().nextDouble(0.4, 0.65),
        context.random().nextDouble(),
        context.random().nextDouble(),
        context.background());
  }

  private static Mat inset(
      Mat original, Context context, double scale, double x, double y, @Nullable Mat background) {
    Mat canvas;
    if (background == null) {
      canvas = context.mats().add(new Mat(original.size(), CvType.CV_8UC3));
      canvas.setTo(GROUNDS.get(context.number() % GROUNDS.size()));
    } else {
      canvas = context.mats().add();
      Imgproc.resize(background, canvas, original.size(), 0, 0, Imgproc.INTER_AREA);
    }
    Mat small = context.mats().add();
    Size size = new Size(Math.round(original.cols() * scale), Math.round(original.rows() * scale));
    Imgproc.resize(original, small, size, 0, 0, Imgproc.INTER_AREA);
    int left = (int) ((canvas.cols() - small.cols()) * x);
    int top = (int) ((canvas.rows() - small.rows()) * y);
    small.copyTo(
        context.mats().add(canvas.submat(new Rect(left, top, small.cols(), small.rows()))));
    return canvas;
  }

  /// Filled circles over a corner, as large as an emoji.
  static Mat sticker(Mat original, Context context) {
    Mat covered = context.mats().add(original.clone());
    int radius = (int) (0.13 * Math.min(original.cols(), original.rows()));
    Point middle =
        new Point(
            original.cols() * context.random().nextDouble(0.2, 0.8),
            original.rows() * context.random().nextDouble(0.2, 0.8));
    Imgproc.circle(
        covered, middle, radius, new Scalar(40, 200, 250), Imgproc.FILLED, Imgproc.LINE_AA);
    for (int side = -1; side <= 1; side += 2) {
      Imgproc.circle(
          covered,
          new Point(middle.x + side * radius * 0.35, middle.y - radius * 0.2),
          radius / 7,
          Drawing.BLACK,
          Imgproc.FILLED,
          Imgproc.LINE_AA);
    }
    Imgproc.ellipse(
        covered,
        new Point(middle.x, middle.y + radius * 0.2),
        new Size(radius * 0.5, radius * 0.35),
        0,
        0,
        180,
        Drawing.BLACK,
        Math.max(1, radius / 12),
        Imgproc.LINE_AA);
    return covered;
  }

  /// In a frame with round corners and a line of text below, as printed photos are shown.
  static Mat rounded(Mat original, Context context) {
    int border = (int) (0.06 * Math.max(original.cols(), original.rows()));
    Mat framed = context.mats().add();
    Core.copyMakeBorder(
        original,
        framed,
        border,
        4 * border,
        border,
        border,
        Core.BORDER_CONSTANT,
        new Scalar(225, 238, 244));
    for (int corner = 0; corner < 4; corner++) {
      double x = corner % 2 == 0 ? border : border + original.cols();
      double y = corner < 2 ? border : border + original.rows();
      Imgproc.circle(framed, new Point(x, y), border, new Scalar(225, 238, 244), Imgproc.FILLED);
    }
    Drawing.text(
        framed,
        Drawing.words(3, context.random()),
        0.1,
        1 - 1.5 * border / framed.rows(),
        0.8,
        1.2 * border / framed.rows(),
        Drawing.grey(60));
    return framed;
  }
}
