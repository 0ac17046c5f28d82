package dev.mekiki.benchmarks.duplicates;

import dev.mekiki.benchmarks.duplicates.Edit.Context;
import dev.mekiki.benchmarks.duplicates.Edit.Editor;
import java.util.ArrayList;
import java.util.List;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// All edits of the benchmark.
final class Edits {
  private static final double SAME = 0.995;
  private static final double CHANGED = 0.98;
  private static final double HARD = 0.93;
  private static final double UNSEEN = 0.97;
  private static final int QUALITY = 90;

  private Edits() {}

  /// The edits for which a recall is required each.
  static List<Edit> known() {
    List<Edit> edits = new ArrayList<>();
    for (int quality : new int[] {20, 40, 60, 75, 90}) {
      edits.add(
          new Edit("jpeg" + quality, SAME, false, ".jpg", quality, (original, _) -> original));
    }
    edits.add(new Edit("png", SAME, false, ".png", QUALITY, (original, _) -> original));
    edits.add(new Edit("webp", SAME, false, ".webp", QUALITY, (original, _) -> original));
    for (int percent : new int[] {25, 50, 75, 150, 200}) {
      edits.add(edit("resize" + percent, SAME, resized(percent / 100.0, percent / 100.0)));
    }
    edits.add(edit("bright", SAME, Edits::brightened));
    edits.add(edit("contrast", SAME, (o, c) -> levels(o, c, 1.3, -38)));
    edits.add(edit("contrast_low", SAME, (o, c) -> levels(o, c, 0.7, 38)));
    edits.add(edit("blur", SAME, blurred(2)));
    edits.add(edit("sharpen", SAME, Edits::sharpened));
    edits.add(edit("grey", SAME, Edits::grey));
    for (int percent : new int[] {5, 10, 20}) {
      edits.add(edit("crop" + percent + "c", CHANGED, Crops.middle(percent / 100.0)));
    }
    for (int percent : new int[] {5, 10, 20, 30}) {
      edits.add(edit("crop" + percent + "s", CHANGED, Crops.oneSide(percent / 100.0)));
    }
    edits.add(edit("border3", CHANGED, Frames.border(0.03)));
    edits.add(edit("border10", CHANGED, Frames.border(0.10)));
    edits.add(edit("letterbox", CHANGED, Frames::letterbox));
    for (int percent : new int[] {5, 10, 20}) {
      edits.add(edit("caption" + percent, CHANGED, Frames.caption(percent / 100.0)));
    }
    edits.add(edit("screenshot", CHANGED, Frames::screenshot));
    for (int degrees : new int[] {2, 5, 10, 20, 45}) {
      edits.add(edit("rotate" + degrees, CHANGED, Crops.rotated(degrees)));
    }
    edits.add(edit("rotate90", CHANGED, turned(Core.ROTATE_90_CLOCKWISE, false)));
    edits.add(edit("rotate180", CHANGED, turned(Core.ROTATE_180, false)));
    edits.add(edit("rotate270", CHANGED, turned(Core.ROTATE_90_COUNTERCLOCKWISE, false)));
    edits.add(edit("mirror", CHANGED, turned(-1, true)));
    edits.add(edit("mirror_rotate90", CHANGED, turned(Core.ROTATE_90_CLOCKWISE, true)));
    edits.add(edit("mirror_rotate180", CHANGED, turned(Core.ROTATE_180, true)));
    edits.add(edit("mirror_rotate270", CHANGED, turned(Core.ROTATE_90_COUNTERCLOCKWISE, true)));
    edits.add(edit("inset60_flat", CHANGED, Frames.inset(0.6, false)));
    edits.add(edit("inset60_photo", CHANGED, Frames.inset(0.6, true)));
    edits.add(
        new Edit(
            "crop_caption_jpeg40", CHANGED, false, ".jpg", 40, (o, c) -> combined(o, c, false)));
    edits.add(
        new Edit(
            "crop_mirror_caption_jpeg40",
            CHANGED,
            false,
            ".jpg",
            40,
            (o, c) -> combined(o, c, true)));
    edits.add(edit("crop30c", HARD, Crops.middle(0.3)));
    edits.add(edit("meme", HARD, Frames::meme));
    edits.add(edit("watermark", HARD, Frames::watermark));
    edits.add(edit("inset40_photo", HARD, Frames.inset(0.4, true)));
    edits.add(edit("stretch12", HARD, (o, c) -> stretched(o, c, 1.12)));
    return edits;
  }

  /// Edits that were never looked at while thresholds were chosen. Their mean recall is required.
  static List<Edit> unseen() {
    return List.of(
        unseen("unseen_crop65_90", Crops.random(0.65, 0.9)),
        unseen("unseen_rotate15_40", (o, c) -> Crops.rotated(o, c, c.random().nextDouble(15, 40))),
        unseen("unseen_inset40_65", Frames::placedInset),
        unseen(
            "unseen_screenshot_cropped",
            (o, c) -> Crops.random(0.85, 0.95).edit(Frames.screenshot(o, c), c)),
        unseen("unseen_tint", Edits::tinted),
        unseen("unseen_noise", Edits::noisy),
        unseen("unseen_gamma", Edits::gamma),
        unseen("unseen_sticker", Frames::sticker),
        unseen("unseen_rounded_frame", Frames::rounded),
        unseen("unseen_vignette", Edits::vignette),
        new Edit(
            "unseen_crop_mirror_jpeg30",
            UNSEEN,
            true,
            ".jpg",
            30,
            (o, c) -> turned(-1, true).edit(Crops.random(0.75, 0.95).edit(o, c), c)),
        unseen("unseen_perspective", Crops::perspective));
  }

  private static Edit edit(String name, double required, Editor editor) {
    return new Edit(name, required, false, ".jpg", QUALITY, editor);
  }

  private static Edit unseen(String name, Editor editor) {
    return new Edit(name, UNSEEN, true, ".jpg", QUALITY, editor);
  }

  private static Editor resized(double x, double y) {
    return (original, context) -> {
      Mat resized = context.mats().add();
      Imgproc.resize(
          original,
          resized,
          new Size(Math.round(original.cols() * x), Math.round(original.rows() * y)),
          0,
          0,
          x < 1 ? Imgproc.INTER_AREA : Imgproc.INTER_CUBIC);
      return resized;
    };
  }

  private static Mat stretched(Mat original, Context context, double factor) {
    boolean wider = context.number() % 2 == 0;
    return resized(wider ? factor : 1, wider ? 1 : factor).edit(original, context);
  }

  private static Mat brightened(Mat original, Context context) {
    return levels(original, context, 1.15, context.number() % 2 == 0 ? -35 : 35);
  }

  private static Mat levels(Mat original, Context context, double gain, double offset) {
    Mat changed = context.mats().add();
    original.convertTo(changed, CvType.CV_8U, gain, offset);
    return changed;
  }

  private static Editor blurred(double sigma) {
    return (original, context) -> {
      Mat blurred = context.mats().add();
      Imgproc.GaussianBlur(original, blurred, new Size(0, 0), sigma);
      return blurred;
    };
  }

  private static Mat sharpened(Mat original, Context context) {
    Mat blurred = blurred(1.5).edit(original, context);
    Mat sharpened = context.mats().add();
    Core.addWeighted(original, 2, blurred, -1, 0, sharpened);
    return sharpened;
  }

  private static Mat grey(Mat original, Context context) {
    Mat grey = context.mats().add();
    Imgproc.cvtColor(original, grey, Imgproc.COLOR_BGR2GRAY);
    Mat bgr = context.mats().add();
    Imgproc.cvtColor(grey, bgr, Imgproc.COLOR_GRAY2BGR);
    return bgr;
  }

  /// @param rotation a constant of OpenCV, or -1 for none
  private static Editor turned(int rotation, boolean mirrored) {
    return (original, context) -> {
      Mat picture = original;
      if (mirrored) {
        picture = context.mats().add();
        Core.flip(original, picture, 1);
      }
      if (rotation < 0) {
        return picture;
      }
      Mat turned = context.mats().add();
      Core.rotate(picture, turned, rotation);
      return turned;
    };
  }

  private static Mat combined(Mat original, Context context, boolean mirrored) {
    boolean middle = context.number() % 2 == 1;
    Mat cropped = (middle ? Crops.middle(0.1) : Crops.oneSide(0.2)).edit(original, context);
    Mat seen = mirrored ? turned(-1, true).edit(cropped, context) : cropped;
    return Frames.caption(0.10).edit(seen, context);
  }

  private static Mat tinted(Mat original, Context context) {
    Mat tinted = context.mats().add();
    Core.multiply(
        original,
        new Scalar(
            context.random().nextDouble(0.75, 1.2),
            context.random().nextDouble(0.85, 1.1),
            context.random().nextDouble(0.75, 1.2)),
        tinted);
    return tinted;
  }

  private static Mat noisy(Mat original, Context context) {
    Mat noise = context.mats().add(new Mat(original.size(), CvType.CV_16SC3));
    short[] values = new short[original.rows() * original.cols() * 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) Math.round(14 * context.random().nextGaussian());
    }
    noise.put(0, 0, values);
    Mat noisy = context.mats().add();
    Core.add(original, noise, noisy, new Mat(), CvType.CV_8U);
    return noisy;
  }

  private static Mat gamma(Mat original, Context context) {
    double exponent = context.number() % 2 == 0 ? 0.6 : 1.6;
    byte[] table = new byte[256];
    for (int i = 0; i < table.length; i++) {
      table[i] = (byte) Math.round(255 * Math.pow(i / 255.0, exponent));
    }
    Mat lookup = context.mats().add(new Mat(1, 256, CvType.CV_8U));
    lookup.put(0, 0, table);
    Mat changed = context.mats().add();
    Core.LUT(original, lookup, changed);
    return changed;
  }

  private static Mat vignette(Mat original, Context context) {
    Mat changed = context.mats().add(original.clone());
    byte[] pixels = new byte[original.rows() * original.cols() * 3];
    original.get(0, 0, pixels);
    double middleX = original.cols() / 2.0;
    double middleY = original.rows() / 2.0;
    double far = middleX * middleX + middleY * middleY;
    for (int y = 0; y < original.rows(); y++) {
      for (int x = 0; x < original.cols(); x++) {
        double squared = ((x - middleX) * (x - middleX) + (y - middleY) * (y - middleY)) / far;
        double factor = 1 - 0.75 * squared;
        for (int channel = 0; channel < 3; channel++) {
          int at = (y * original.cols() + x) * 3 + channel;
          pixels[at] = (byte) Math.round((pixels[at] & 0xFF) * factor);
        }
      }
    }
    changed.put(0, 0, pixels);
    return changed;
  }
}
