package dev.mekiki.encoding.decode;

import org.jspecify.annotations.Nullable;
import org.opencv.core.Core;
import org.opencv.core.Mat;

/// How stored pixels are turned to show the scene upright: the eight values of EXIF's tag
/// Orientation (CIPA DC-008, 4.6.5), in their order from 1 to 8.
enum Orientation {
  /// Stored as seen.
  UPRIGHT(false, null),
  /// Mirrored left to right.
  MIRRORED(false, Flip.LEFT_RIGHT),
  /// Turned by 180 degrees.
  TURNED_180(false, Flip.BOTH),
  /// Mirrored top to bottom.
  MIRRORED_TURNED_180(false, Flip.TOP_BOTTOM),
  /// Mirrored along the diagonal from the upper left.
  TRANSPOSED(true, null),
  /// To be turned clockwise by 90 degrees.
  TURN_RIGHT(true, Flip.LEFT_RIGHT),
  /// Mirrored along the diagonal from the upper right.
  TRANSVERSED(true, Flip.BOTH),
  /// To be turned anticlockwise by 90 degrees.
  TURN_LEFT(true, Flip.TOP_BOTTOM);

  private final boolean swapsSides;
  private final @Nullable Flip flip;

  Orientation(boolean swapsSides, @Nullable Flip flip) {
    this.swapsSides = swapsSides;
    this.flip = flip;
  }

  /// The orientation of an EXIF value; upright for values that EXIF does not define.
  static Orientation ofExif(long value) {
    return value >= 1 && value <= values().length ? values()[(int) value - 1] : UPRIGHT;
  }

  /// Whether width and height of the upright picture are those of the stored one, exchanged.
  boolean swapsSides() {
    return swapsSides;
  }

  /// The upright picture.
  ///
  /// @param stored released, unless it is the result
  Mat apply(Mat stored) {
    Mat upright = stored;
    if (swapsSides) {
      Mat transposed = new Mat();
      Core.transpose(upright, transposed);
      upright.release();
      upright = transposed;
    }
    if (flip != null) {
      Mat flipped = new Mat();
      Core.flip(upright, flipped, flip.code);
      upright.release();
      upright = flipped;
    }
    return upright;
  }

  private enum Flip {
    TOP_BOTTOM(0),
    LEFT_RIGHT(1),
    BOTH(-1);

    /// What {@link Core#flip} calls it.
    private final int code;

    Flip(int code) {
      this.code = code;
    }
  }
}
