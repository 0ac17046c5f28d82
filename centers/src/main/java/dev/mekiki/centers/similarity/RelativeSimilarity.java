package dev.mekiki.centers.similarity;

import dev.mekiki.centers.solve.ClassSimilarity;
import java.util.Arrays;

/// Brings any measure of how alike classes are to the scale of a similarity.
public final class RelativeSimilarity {
  /// Deviations below this share of a row's largest entry are rounding.
  private static final double ROUNDING = 1e-12;

  private RelativeSimilarity() {}

  /// Each row minus its mean, over its largest absolute deviation, is brought to -1..1; S is the
  /// mean of that and its transpose. Mean and deviation are over the other classes: how alike a
  /// class is to itself says nothing. A row whose others are all equally alike becomes zeros.
  ///
  /// @param rows C rows of C finite numbers, larger where classes are more alike; not changed
  public static ClassSimilarity of(double[][] rows) {
    int classes = rows.length;
    double[][] deviations = new double[classes][classes];
    for (int a = 0; a < classes; a++) {
      double mean = (Arrays.stream(rows[a]).sum() - rows[a][a]) / Math.max(1, classes - 1);
      double largest = 0;
      double size = 0;
      for (int b = 0; b < classes; b++) {
        if (b != a) {
          size = Math.max(size, Math.abs(rows[a][b]));
          deviations[a][b] = rows[a][b] - mean;
          largest = Math.max(largest, Math.abs(deviations[a][b]));
        }
      }
      boolean even = largest <= ROUNDING * size;
      for (int b = 0; b < classes; b++) {
        deviations[a][b] = even ? 0 : deviations[a][b] / largest;
      }
    }
    float[][] similarity = new float[classes][classes];
    for (int a = 0; a < classes; a++) {
      for (int b = 0; b < classes; b++) {
        similarity[a][b] = a == b ? 1 : (float) ((deviations[a][b] + deviations[b][a]) / 2);
      }
    }
    return ClassSimilarity.of(similarity);
  }
}
