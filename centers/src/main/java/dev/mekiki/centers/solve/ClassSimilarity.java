package dev.mekiki.centers.solve;

/// The similarity of classes, the S that centers follow: C x C, 1 on the diagonal, -1 (opposite) to
/// 1 elsewhere. Immutable; 4 C^2 bytes.
///
/// The distance of two centers is symmetric, so (S + S^T) / 2 is kept. The mean square of the rest
/// is kept, too: no centers can have a smaller loss.
public final class ClassSimilarity {
  /// How far an entry may be out of range because of rounding.
  private static final float TOLERANCE = 1e-5f;

  private final float[][] rows;
  private final double asymmetry;

  private ClassSimilarity(float[][] rows, double asymmetry) {
    this.rows = rows;
    this.asymmetry = asymmetry;
  }

  /// The similarity of the given entries, copied.
  ///
  /// @param entries C rows of C, C at least 1
  /// @throws IllegalArgumentException if they are not square, or an entry is not a number or out of
  ///   range; the message names the entry by row and column from 0
  public static ClassSimilarity of(float[][] entries) {
    int classes = entries.length;
    if (classes == 0) {
      throw new IllegalArgumentException("similarity: no rows (expected: at least 1)");
    }
    float[][] rows = new float[classes][];
    for (int i = 0; i < classes; i++) {
      if (entries[i].length != classes) {
        throw new IllegalArgumentException(
            "similarity[%d]: %d entries (expected: %d, as many as there are rows)"
                .formatted(i, entries[i].length, classes));
      }
      rows[i] = entries[i].clone();
      check(i, rows[i]);
    }
    double squares = 0;
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < i; j++) {
        double difference = (double) rows[i][j] - rows[j][i];
        squares += difference * difference / 2;
        float mean = Math.clamp((rows[i][j] + rows[j][i]) / 2, -1f, 1f);
        rows[i][j] = mean;
        rows[j][i] = mean;
      }
    }
    return new ClassSimilarity(rows, squares / ((double) classes * classes));
  }

  private static void check(int i, float[] row) {
    for (int j = 0; j < row.length; j++) {
      // Written so that NaN fails them.
      if (!(Math.abs(row[j]) <= 1 + TOLERANCE)) {
        throw wrong(i, j, row[j], "-1 to 1");
      }
    }
    if (Math.abs(row[i] - 1) > TOLERANCE) {
      throw wrong(i, i, row[i], "1, a class is like itself");
    }
    row[i] = 1;
  }

  private static IllegalArgumentException wrong(int i, int j, float entry, String expected) {
    return new IllegalArgumentException(
        "similarity[%d][%d]: %s (expected: %s)".formatted(i, j, entry, expected));
  }

  /// A mixture with another similarity of the same classes: (1 - weight) of this and weight of the
  /// other, entry by entry. Of what is kept: the mixture is symmetric.
  ///
  /// @param weight 0, this alone, to 1, the other alone
  /// @throws IllegalArgumentException if the classes differ in number, or the weight is out of
  ///   range
  public ClassSimilarity mixedWith(ClassSimilarity other, float weight) {
    if (other.classes() != classes()) {
      throw new IllegalArgumentException(
          "similarity: %d classes (expected: %d, those of the one it is mixed with)"
              .formatted(other.classes(), classes()));
    }
    if (!(weight >= 0 && weight <= 1)) {
      throw new IllegalArgumentException("weight: %s (expected: 0..1)".formatted(weight));
    }
    float[][] mixed = new float[classes()][classes()];
    for (int i = 0; i < mixed.length; i++) {
      for (int j = 0; j < mixed.length; j++) {
        mixed[i][j] = (1 - weight) * rows[i][j] + weight * other.rows[i][j];
      }
    }
    return of(mixed);
  }

  /// Whether some classes are more alike than others.
  public boolean isTelling() {
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < i; j++) {
        if (rows[i][j] != rows[1][0]) {
          return true;
        }
      }
    }
    return false;
  }

  /// C.
  public int classes() {
    return rows.length;
  }

  /// The similarity of two classes, in either order.
  public float of(int i, int j) {
    return rows[i][j];
  }

  /// The mean square difference between the given entries and those kept: 0 if S was symmetric. A
  /// part of every loss.
  public double asymmetry() {
    return asymmetry;
  }

  /// The row of a class itself, not a copy: the solvers' inner loops read it and must not write.
  float[] row(int i) {
    return rows[i];
  }
}
