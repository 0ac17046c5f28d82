package dev.mekiki.encoding.preprocess;

import org.opencv.core.Mat;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// How a picture of any size becomes a square of the input's size.
public enum Resizing {
  /// By area averaging alone, which enlarges to blocks.
  AREA,
  /// By area averaging along an edge that is longer than the square's, bilinearly along one that is
  /// shorter: pixels stand for their middles, and those of the border are repeated outwards.
  AREA_OR_BILINEAR;

  /// Resizes a picture.
  ///
  /// @param picture of any type; left as it is
  /// @param target takes the result, of the same type; may not be the picture itself
  /// @param side of the square in pixels
  public void resize(Mat picture, Mat target, int side) {
    Size square = new Size(side, side);
    switch (this) {
      case AREA -> Imgproc.resize(picture, target, square, 0, 0, Imgproc.INTER_AREA);
      case AREA_OR_BILINEAR -> {
        Mat shrunk = new Mat();
        try {
          Size within = new Size(Math.min(side, picture.cols()), Math.min(side, picture.rows()));
          Imgproc.resize(picture, shrunk, within, 0, 0, Imgproc.INTER_AREA);
          Imgproc.resize(shrunk, target, square, 0, 0, Imgproc.INTER_LINEAR);
        } finally {
          shrunk.release();
        }
      }
    }
  }
}
