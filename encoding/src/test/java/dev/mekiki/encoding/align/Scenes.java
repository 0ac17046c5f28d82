package dev.mekiki.encoding.align;

import java.util.SplittableRandom;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Point;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// Painted pictures with structure at all sizes, each another one.
public final class Scenes {
  private Scenes() {}

  /// A picture of overlapping shapes, slightly blurred as by a lens.
  public static Mat scene(long seed, int width, int height) {
    SplittableRandom random = new SplittableRandom(seed);
    Mat scene = new Mat(height, width, CvType.CV_8UC3, colour(random));
    for (int i = 0; i < 120; i++) {
      double size = Math.pow(2, random.nextDouble(2.5, 6.5));
      Point at = new Point(random.nextDouble(width), random.nextDouble(height));
      if (random.nextBoolean()) {
        Imgproc.ellipse(
            scene,
            at,
            new Size(size, size * random.nextDouble(0.3, 1)),
            random.nextDouble(360),
            0,
            360,
            colour(random),
            Imgproc.FILLED,
            Imgproc.LINE_AA);
      } else {
        Imgproc.rectangle(
            scene,
            at,
            new Point(at.x + size * random.nextDouble(0.5, 2), at.y + size),
            colour(random),
            Imgproc.FILLED);
      }
    }
    Imgproc.GaussianBlur(scene, scene, new Size(0, 0), 1);
    return scene;
  }

  private static Scalar colour(SplittableRandom random) {
    return new Scalar(random.nextInt(256), random.nextInt(256), random.nextInt(256));
  }
}
