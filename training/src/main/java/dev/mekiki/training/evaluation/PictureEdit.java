package dev.mekiki.training.evaluation;

import org.opencv.core.Mat;
import org.opencv.core.Point;
import org.opencv.core.Rect;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// What copies of pictures undergo on their way through other hands. Every copy is saved as a JPEG,
/// of quality 90 where the quality is not the edit itself: an edited picture is always saved again.
public enum PictureEdit {
  JPEG_40("JPEG quality 40", 40) {
    @Override
    Mat edited(Mat bgr) {
      return bgr.clone();
    }
  },

  HALF_SIZE("half size") {
    @Override
    Mat edited(Mat bgr) {
      Mat half = new Mat();
      Size size = new Size(Math.max(1, bgr.cols() / 2), Math.max(1, bgr.rows() / 2));
      Imgproc.resize(bgr, half, size, 0, 0, Imgproc.INTER_AREA);
      return half;
    }
  },

  /// A twentieth of the width and of the height, at least a pixel, off the left and the top:
  /// cutting on all sides alike would leave the middle where it is.
  CROP_5("5 % crop") {
    @Override
    Mat edited(Mat bgr) {
      int left = cut(bgr.cols());
      int top = cut(bgr.rows());
      return bgr.submat(new Rect(left, top, bgr.cols() - left, bgr.rows() - top)).clone();
    }

    private int cut(int side) {
      return side == 1 ? 0 : Math.max(1, Math.round(side / 20f));
    }
  },

  /// White letters with a black rim over four fifths of the width, near the lower edge.
  CAPTION("caption") {
    @Override
    Mat edited(Mat bgr) {
      Mat captioned = bgr.clone();
      String text = "one fine day";
      int font = Imgproc.FONT_HERSHEY_SIMPLEX;
      Size unscaled = Imgproc.getTextSize(text, font, 1, 1, null);
      double scale = 0.8 * bgr.cols() / unscaled.width;
      int stroke = Math.max(1, (int) Math.round(2 * scale));
      Point start = new Point(0.1 * bgr.cols(), 0.93 * bgr.rows());
      Imgproc.putText(
          captioned, text, start, font, scale, Scalar.all(0), 3 * stroke, Imgproc.LINE_AA);
      Imgproc.putText(
          captioned, text, start, font, scale, Scalar.all(255), stroke, Imgproc.LINE_AA);
      return captioned;
    }
  },

  /// A fifth, clipped at white.
  BRIGHTER_20("20 % brighter") {
    @Override
    Mat edited(Mat bgr) {
      Mat brighter = new Mat();
      bgr.convertTo(brighter, -1, 1.2, 0);
      return brighter;
    }
  },

  /// A Gaussian of 1.5 pixels at a longest side of 480, in proportion at others, of 0.7 at least.
  BLUR("blur") {
    @Override
    Mat edited(Mat bgr) {
      Mat blurred = new Mat();
      double deviation = Math.max(0.7, 1.5 * Math.max(bgr.cols(), bgr.rows()) / 480);
      Imgproc.GaussianBlur(bgr, blurred, new Size(), deviation);
      return blurred;
    }
  };

  private static final int SAVED_QUALITY = 90;

  private final String title;
  private final int quality;

  PictureEdit(String title) {
    this(title, SAVED_QUALITY);
  }

  PictureEdit(String title, int quality) {
    this.title = title;
    this.quality = quality;
  }

  /// For people.
  public String title() {
    return title;
  }

  /// The JPEG file of an edited copy. OpenCV must have been loaded, as decoding a picture does.
  ///
  /// @param bgr the decoded picture, 8 bits, 3 channels; left as it is
  public byte[] file(Mat bgr) {
    Mat copy = edited(bgr);
    try {
      return Pixels.jpeg(copy, quality);
    } finally {
      copy.release();
    }
  }

  /// A new picture, which the caller releases.
  abstract Mat edited(Mat bgr);
}
