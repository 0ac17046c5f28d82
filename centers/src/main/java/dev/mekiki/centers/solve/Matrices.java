package dev.mekiki.centers.solve;

/// The little linear algebra that the published solvers need: small dense matrices, row by row.
final class Matrices {
  private Matrices() {}

  /// `sums[i] += factor * values[i]`.
  static void addScaled(double factor, double[] values, double[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += factor * values[i];
    }
  }

  /// The inverse of a symmetric positive definite matrix, by Gauss-Jordan elimination, for which no
  /// pivot need be looked for. O(n^3).
  ///
  /// @param matrix n x n; left as it is
  static double[][] inverseOfSymmetric(double[][] matrix) {
    int n = matrix.length;
    double[][] work = new double[n][];
    double[][] inverse = new double[n][n];
    for (int row = 0; row < n; row++) {
      work[row] = matrix[row].clone();
      inverse[row][row] = 1;
    }
    for (int pivot = 0; pivot < n; pivot++) {
      double scale = 1 / work[pivot][pivot];
      for (int column = 0; column < n; column++) {
        work[pivot][column] *= scale;
        inverse[pivot][column] *= scale;
      }
      for (int row = 0; row < n; row++) {
        if (row != pivot) {
          double factor = -work[row][pivot];
          addScaled(factor, work[pivot], work[row]);
          addScaled(factor, inverse[pivot], inverse[row]);
        }
      }
    }
    return inverse;
  }
}
