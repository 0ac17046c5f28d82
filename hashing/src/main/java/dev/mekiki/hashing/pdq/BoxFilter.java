package dev.mekiki.hashing.pdq;

/// Means over windows along the rows of a picture, then along its columns.
///
/// Running sums are floats and each value is added and subtracted in turn, as the reference
/// implementation of PDQ does: another order of summation rounds to other bits. But sums of
/// different lines do not depend on each other. Four rows are filtered at once, so that a processor
/// need not wait for one sum before it goes on with the next. Of columns, a row of the picture is
/// added to all sums at once: the loop over it has one index, so the compiler turns it into vector
/// instructions. For one thread.
final class BoxFilter {
  /// Rows that are filtered at once.
  private static final int LANES = 4;

  private final int columns;
  private final int rows;

  /// @param columns pixels, at least 1
  /// @param rows pixels, at least 1
  BoxFilter(int columns, int rows) {
    this.columns = columns;
    this.rows = rows;
  }

  /// The filtered picture. The window around a value covers what there is at the ends of a line.
  ///
  /// @param picture row-major; left as it is
  /// @param rowWindow values of a row in one mean, at least 1
  /// @param columnWindow the same of a column
  /// @param passes how often both are done
  float[] filtered(float[] picture, int rowWindow, int columnWindow, int passes) {
    float[] now = picture.clone();
    float[] next = new float[picture.length];
    for (int pass = 0; pass < passes; pass++) {
      for (int row = 0; row < rows; row += LANES) {
        alongRows(now, next, row, rowWindow);
      }
      alongColumns(next, now, columnWindow);
    }
    return now;
  }

  /// Filters some rows; the last ones of the picture again where fewer are left.
  private void alongRows(float[] in, float[] out, int first, int window) {
    int a = first * columns;
    int b = Math.min(first + 1, rows - 1) * columns;
    int c = Math.min(first + 2, rows - 1) * columns;
    int d = Math.min(first + 3, rows - 1) * columns;
    int ahead = window / 2;
    int behind = window - ahead;
    float sumA = 0;
    float sumB = 0;
    float sumC = 0;
    float sumD = 0;
    int count = Math.min(ahead, columns);
    for (int i = 0; i < count; i++) {
      sumA += in[a + i];
      sumB += in[b + i];
      sumC += in[c + i];
      sumD += in[d + i];
    }
    for (int i = 0; i < columns; i++) {
      int enters = i + ahead;
      if (enters < columns) {
        sumA += in[a + enters];
        sumB += in[b + enters];
        sumC += in[c + enters];
        sumD += in[d + enters];
        count++;
      }
      int leaves = i - behind;
      if (leaves >= 0) {
        sumA -= in[a + leaves];
        sumB -= in[b + leaves];
        sumC -= in[c + leaves];
        sumD -= in[d + leaves];
        count--;
      }
      out[a + i] = sumA / count;
      out[b + i] = sumB / count;
      out[c + i] = sumC / count;
      out[d + i] = sumD / count;
    }
  }

  private void alongColumns(float[] in, float[] out, int window) {
    int ahead = window / 2;
    int behind = window - ahead;
    float[] sums = new float[columns];
    float[] line = new float[columns];
    float[] means = new float[columns];
    int count = 0;
    for (int row = 0; row < Math.min(ahead, rows); row++) {
      System.arraycopy(in, row * columns, line, 0, columns);
      add(sums, line);
      count++;
    }
    for (int row = 0; row < rows; row++) {
      if (row + ahead < rows) {
        System.arraycopy(in, (row + ahead) * columns, line, 0, columns);
        add(sums, line);
        count++;
      }
      if (row - behind >= 0) {
        System.arraycopy(in, (row - behind) * columns, line, 0, columns);
        subtract(sums, line);
        count--;
      }
      divide(sums, count, means);
      System.arraycopy(means, 0, out, row * columns, columns);
    }
  }

  private static void add(float[] sums, float[] values) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += values[i];
    }
  }

  private static void subtract(float[] sums, float[] values) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] -= values[i];
    }
  }

  private static void divide(float[] sums, float count, float[] means) {
    for (int i = 0; i < sums.length; i++) {
      means[i] = sums[i] / count;
    }
  }
}
