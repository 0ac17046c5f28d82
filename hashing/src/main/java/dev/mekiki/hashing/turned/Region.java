package dev.mekiki.hashing.turned;

import dev.mekiki.hashing.landmark.AffineMap;
import dev.mekiki.hashing.landmark.Frame;
import dev.mekiki.hashing.pdq.Borders;
import dev.mekiki.hashing.pdq.Turn;
import java.nio.ByteBuffer;

/// A rectangle of a picture, as shares of its width and height.
///
/// @param left 0 to 1, less than `right`
/// @param top 0 to 1, less than `bottom`
/// @param right 0 to 1
/// @param bottom 0 to 1
public record Region(float left, float top, float right, float bottom) {
  /// All of a picture.
  public static final Region WHOLE = new Region(0, 0, 1, 1);

  static final int BYTES = 4 * Float.BYTES;

  public Region {
    // A NaN fails every comparison.
    if (!(left >= 0 && left < right && right <= 1 && top >= 0 && top < bottom && bottom <= 1)) {
      throw new IllegalArgumentException(
          "region: %s, %s to %s, %s (expected: shares of a picture, 0 to 1)"
              .formatted(left, top, right, bottom));
    }
  }

  /// What borders leave of a picture of so many pixels.
  static Region within(Borders borders, int width, int height) {
    return new Region(
        (float) borders.left() / width,
        (float) borders.top() / height,
        1 - (float) borders.right() / width,
        1 - (float) borders.bottom() / height);
  }

  static Region read(ByteBuffer in) {
    return new Region(in.getFloat(), in.getFloat(), in.getFloat(), in.getFloat());
  }

  void write(ByteBuffer out) {
    out.putFloat(left).putFloat(top).putFloat(right).putFloat(bottom);
  }

  /// A picture's width and height; only their ratio matters.
  ///
  /// @param width at least 1
  /// @param height at least 1
  public record Size(int width, int height) {
    private double scaledWidth() {
      return (double) width * Frame.PICTURE_SIDE / Math.max(width, height);
    }

    private double scaledHeight() {
      return (double) height * Frame.PICTURE_SIDE / Math.max(width, height);
    }
  }

  /// The map that lays this region, turned, over one of another picture; both pictures scaled to a
  /// longest side of {@link Frame#PICTURE_SIDE}.
  ///
  /// @param size of the picture that this is a region of
  /// @param other a region of the other picture
  /// @param otherSize of the other picture
  public AffineMap onto(Size size, Turn turn, Region other, Size otherSize) {
    return inPicture(size).inverse().then(ofUnitSquare(turn)).then(other.inPicture(otherSize));
  }

  /// From the unit square to this region.
  private AffineMap inPicture(Size size) {
    double width = size.scaledWidth();
    double height = size.scaledHeight();
    return new AffineMap(
        width * (right - left), 0, width * left, 0, height * (bottom - top), height * top);
  }

  private static AffineMap ofUnitSquare(Turn turn) {
    double x = turn.x(0, 0);
    double y = turn.y(0, 0);
    return new AffineMap(
        turn.x(1, 0) - x, turn.x(0, 1) - x, x, turn.y(1, 0) - y, turn.y(0, 1) - y, y);
  }
}
