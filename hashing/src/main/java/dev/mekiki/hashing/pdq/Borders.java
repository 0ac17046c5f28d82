package dev.mekiki.hashing.pdq;

import java.util.Arrays;

/// Borders of one colour around a picture, such as the bars of a letterbox.
///
/// A row or column belongs to a border if nearly all of its pixels are about as light as the middle
/// one of its outermost row or column. Each side may have a colour of its own.
///
/// @param left columns of the border at the left
/// @param top rows of the border at the top
/// @param right columns of the border at the right
/// @param bottom rows of the border at the bottom
public record Borders(int left, int top, int right, int bottom) {
  /// No border.
  public static final Borders NONE = new Borders(0, 0, 0, 0);

  /// Largest difference of lightness within a border, of 255: compression makes some.
  private static final float TOLERANCE = 10;

  /// Share of a row's pixels that may be others: specks.
  private static final double SPECKS = 0.02;

  /// Least share of each side that is left: what looks like wider borders is the picture.
  private static final double MIN_LEFT = 0.3;

  /// Narrower borders, as a share of the side, change no fingerprint.
  private static final double MIN_SHARE = 0.01;

  /// The borders of a picture.
  ///
  /// @param luminance `height` rows of `width` values of 0 to 255, row-major
  public static Borders of(float[] luminance, int width, int height) {
    int top = run(luminance, height, 0, 1, width, 1, width);
    int bottom = run(luminance, height, height - 1, -1, width, 1, width);
    int left = run(luminance, width, 0, 1, 1, width, height);
    int right = run(luminance, width, width - 1, -1, 1, width, height);
    Borders borders =
        new Borders(wide(left, width), wide(top, height), wide(right, width), wide(bottom, height));
    boolean isPicture =
        width - borders.left - borders.right < MIN_LEFT * width
            || height - borders.top - borders.bottom < MIN_LEFT * height;
    return isPicture ? NONE : borders;
  }

  private static int wide(int border, int side) {
    return border < MIN_SHARE * side ? 0 : border;
  }

  /// How many lines from one end belong to a border.
  ///
  /// @param lines number of lines
  /// @param first line at the end
  /// @param direction to the next line
  /// @param lineStride from a line to the next, in pixels
  /// @param stride from a pixel of a line to the next
  /// @param length pixels of a line
  private static int run(
      float[] luminance,
      int lines,
      int first,
      int direction,
      int lineStride,
      int stride,
      int length) {
    float colour = middle(luminance, first * lineStride, stride, length);
    int run = 0;
    while (run < lines
        && isBorder(luminance, (first + run * direction) * lineStride, stride, length, colour)) {
      run++;
    }
    return run;
  }

  private static float middle(float[] luminance, int start, int stride, int length) {
    float[] line = new float[length];
    for (int i = 0; i < length; i++) {
      line[i] = luminance[start + i * stride];
    }
    Arrays.sort(line);
    return line[length / 2];
  }

  private static boolean isBorder(
      float[] luminance, int start, int stride, int length, float colour) {
    int others = 0;
    int most = (int) (SPECKS * length);
    for (int i = 0; i < length; i++) {
      if (Math.abs(luminance[start + i * stride] - colour) > TOLERANCE && ++others > most) {
        return false;
      }
    }
    return true;
  }

  /// Whether there is none.
  public boolean isNone() {
    return equals(NONE);
  }

  /// What is left of a picture without them.
  ///
  /// @param luminance of the picture, `height` rows of `width`
  /// @return {@link #width} by {@link #height} values, row-major
  public float[] trimmed(float[] luminance, int width, int height) {
    int columns = width(width);
    int rows = height(height);
    float[] trimmed = new float[columns * rows];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(luminance, (top + row) * width + left, trimmed, row * columns, columns);
    }
    return trimmed;
  }

  /// Columns that are left of a picture of so many.
  public int width(int pictureWidth) {
    return pictureWidth - left - right;
  }

  /// Rows that are left of a picture of so many.
  public int height(int pictureHeight) {
    return pictureHeight - top - bottom;
  }
}
