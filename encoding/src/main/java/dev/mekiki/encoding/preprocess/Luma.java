package dev.mekiki.encoding.preprocess;

/// Luma of 8-bit colours, rounded to 8 bits: 0.299 R + 0.587 G + 0.114 B in the fixed-point
/// arithmetic of OpenCV's conversion, so that pixels of training data and of decoded pictures agree
/// to the last bit.
public final class Luma {
  private static final int SHIFT = 15;
  private static final int RED = 9798;
  private static final int GREEN = 19235;
  private static final int BLUE = 3735;

  private Luma() {}

  /// Luma of one pixel.
  ///
  /// @param red 0 to 255, like the others and the result
  public static int of(int red, int green, int blue) {
    return (RED * red + GREEN * green + BLUE * blue + (1 << (SHIFT - 1))) >> SHIFT;
  }
}
