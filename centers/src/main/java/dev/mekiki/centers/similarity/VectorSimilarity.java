package dev.mekiki.centers.similarity;

import dev.mekiki.centers.solve.ClassSimilarity;
import java.util.stream.IntStream;

/// The similarity of classes from numbers known of each: the cosine between two classes, both seen
/// from the mean over classes, brought to -1..1 by {@link RelativeSimilarity}.
public final class VectorSimilarity {
  private VectorSimilarity() {}

  /// From vectors whose directions have a meaning, such as a text model's for the classes' names.
  ///
  /// @param vectors one for each class, all of one length, finite; not changed
  public static ClassSimilarity of(double[][] vectors) {
    double[][] centred = copy(vectors);
    for (int column = 0; column < vectors[0].length; column++) {
      subtract(centred, column, mean(vectors, column));
    }
    return ofCentred(centred);
  }

  /// From attributes in units of their own: each minus its mean, over its standard deviation. A
  /// value that is not known counts as the mean. An attribute that is the same for all classes says
  /// nothing.
  ///
  /// @param attributes one row for each class, all of one length; NaN where not known; not changed
  public static ClassSimilarity ofAttributes(double[][] attributes) {
    double[][] scaled = copy(attributes);
    for (int column = 0; column < attributes[0].length; column++) {
      double mean = mean(attributes, column);
      subtract(scaled, column, mean);
      double squares = 0;
      for (double[] row : scaled) {
        row[column] = Double.isNaN(row[column]) ? 0 : row[column];
        squares += row[column] * row[column];
      }
      double deviation = Math.sqrt(squares / scaled.length);
      // Below this, what is left is rounding.
      boolean constant = deviation <= 1e-12 * Math.abs(mean) || deviation == 0;
      for (double[] row : scaled) {
        row[column] = constant ? 0 : row[column] / deviation;
      }
    }
    return ofCentred(scaled);
  }

  /// From vectors that are seen from their middle. A vector of zeros is like none.
  ///
  /// @param vectors one for each class, all of one length, finite
  public static ClassSimilarity ofCentred(double[][] vectors) {
    int classes = vectors.length;
    double[][] rows = new double[classes][classes];
    double[] squares = new double[classes];
    for (int a = 0; a < classes; a++) {
      squares[a] = dot(vectors[a], vectors[a]);
      for (int b = 0; b < a; b++) {
        double norms = Math.sqrt(squares[a] * squares[b]);
        rows[a][b] = norms == 0 ? 0 : dot(vectors[a], vectors[b]) / norms;
        rows[b][a] = rows[a][b];
      }
    }
    return RelativeSimilarity.of(rows);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /// Of what is known; 0 where nothing is.
  private static double mean(double[][] rows, int column) {
    return IntStream.range(0, rows.length)
        .mapToDouble(row -> rows[row][column])
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(0);
  }

  private static void subtract(double[][] rows, int column, double value) {
    for (double[] row : rows) {
      row[column] -= value;
    }
  }

  private static double[][] copy(double[][] rows) {
    return IntStream.range(0, rows.length).mapToObj(i -> rows[i].clone()).toArray(double[][]::new);
  }
}
