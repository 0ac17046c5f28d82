package dev.mekiki.hashing.pdq;

/// The eight ways in which a rectangle can be laid on itself: turned by a multiple of 90 degrees,
/// and perhaps mirrored.
public enum Turn {
  /// As it is.
  NONE(false, false, false),
  /// Left and right exchanged.
  MIRRORED(false, true, false),
  /// Top and bottom exchanged.
  FLIPPED(false, false, true),
  /// By 180 degrees.
  ROTATED_180(false, true, true),
  /// Rows become columns: mirrored at the diagonal from the upper left.
  TRANSPOSED(true, false, false),
  /// By 90 degrees, clockwise.
  ROTATED_90(true, true, false),
  /// By 270 degrees, clockwise.
  ROTATED_270(true, false, true),
  /// Mirrored at the diagonal from the upper right.
  TRANSVERSED(true, true, true);

  private final boolean transposes;
  private final boolean mirrors;
  private final boolean flips;

  /// First rows and columns change places, then left and right do, then top and bottom.
  Turn(boolean transposes, boolean mirrors, boolean flips) {
    this.transposes = transposes;
    this.mirrors = mirrors;
    this.flips = flips;
  }

  /// What leads back.
  public Turn inverse() {
    return switch (this) {
      case ROTATED_90 -> ROTATED_270;
      case ROTATED_270 -> ROTATED_90;
      default -> this;
    };
  }

  /// Whether the picture is seen in a mirror afterwards.
  public boolean isMirrored() {
    return transposes ^ mirrors ^ flips;
  }

  /// x of where a point of the unit square goes, x to the right and y down.
  public double x(double x, double y) {
    double turned = transposes ? y : x;
    return mirrors ? 1 - turned : turned;
  }

  /// y of where a point of the unit square goes.
  public double y(double x, double y) {
    double turned = transposes ? x : y;
    return flips ? 1 - turned : turned;
  }

  /// The cosine transform of the turned picture: rows and columns change places with the picture's,
  /// and a mirror changes the sign of every second frequency.
  ///
  /// @param coefficients `side` rows of `side`: frequencies 1, 2, ... along columns, and along rows
  float[] of(float[] coefficients, int side) {
    float[] turned = new float[coefficients.length];
    for (int i = 0; i < side; i++) {
      for (int j = 0; j < side; j++) {
        float coefficient = transposes ? coefficients[j * side + i] : coefficients[i * side + j];
        boolean negative = (mirrors && j % 2 == 0) ^ (flips && i % 2 == 0);
        turned[i * side + j] = negative ? -coefficient : coefficient;
      }
    }
    return turned;
  }
}
