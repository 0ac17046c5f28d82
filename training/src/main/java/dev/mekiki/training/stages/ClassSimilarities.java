package dev.mekiki.training.stages;

import dev.mekiki.centers.solve.ClassSimilarity;
import java.util.Arrays;

/// How alike classes are, computed from what a classifier makes of their pictures.
public final class ClassSimilarities {
  private ClassSimilarities() {}

  /// From a classifier's mistakes (SHC, arXiv 2507.08404): for each picture the probabilities of
  /// the classes without its own, softmax over the other outputs; their mean over the pictures of a
  /// class is its row.
  ///
  /// Each row minus its mean, over its largest absolute deviation, is brought to -1..1; S is the
  /// mean of that and its transpose. Mean and deviation are over the other classes, for a class has
  /// no probability beside itself. A class without pictures, or with all others equally far, has
  /// zeros.
  ///
  /// @param logits one row of `classes` outputs before softmax for each picture, row-major
  /// @param labels class of each picture
  /// @param temperature the outputs are divided by: above 1 gives far classes more weight
  public static ClassSimilarity ofMistakes(
      float[] logits, int[] labels, int classes, float temperature) {
    double[][] rows = new double[classes][classes];
    double[] probabilities = new double[classes];
    for (int i = 0; i < labels.length; i++) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        if (c != labels[i]) {
          largest = Math.max(largest, logits[i * classes + c]);
        }
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        probabilities[c] =
            c == labels[i] ? 0 : Math.exp((logits[i * classes + c] - largest) / temperature);
        sum += probabilities[c];
      }
      for (int c = 0; c < classes; c++) {
        rows[labels[i]][c] += probabilities[c] / sum;
      }
    }
    // Sums over a class's pictures do as well as means: the scale of a row is divided out.
    return normalised(rows);
  }

  /// From features: the cosine between the classes' mean features, both seen from the mean over
  /// classes, brought to -1..1 row by row as {@link #ofMistakes} does.
  ///
  /// @param features one row for each picture, row-major
  /// @param labels class of each picture
  public static ClassSimilarity ofFeatures(float[] features, int[] labels, int classes) {
    int length = features.length / labels.length;
    double[][] means = new double[classes][length];
    int[] sizes = new int[classes];
    for (int i = 0; i < labels.length; i++) {
      sizes[labels[i]]++;
      for (int f = 0; f < length; f++) {
        means[labels[i]][f] += features[i * length + f];
      }
    }
    double[] middle = new double[length];
    long present = Arrays.stream(sizes).filter(size -> size > 0).count();
    for (int c = 0; c < classes; c++) {
      for (int f = 0; f < length; f++) {
        means[c][f] /= Math.max(1, sizes[c]);
        middle[f] += means[c][f] / present;
      }
    }
    for (int c = 0; c < classes; c++) {
      for (int f = 0; f < length; f++) {
        means[c][f] = sizes[c] == 0 ? 0 : means[c][f] - middle[f];
      }
    }
    double[][] rows = new double[classes][classes];
    for (int a = 0; a < classes; a++) {
      for (int b = 0; b < classes; b++) {
        double norms = Math.sqrt(dot(means[a], means[a]) * dot(means[b], means[b]));
        rows[a][b] = norms == 0 ? 0 : dot(means[a], means[b]) / norms;
      }
    }
    return normalised(rows);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static ClassSimilarity normalised(double[][] rows) {
    int classes = rows.length;
    double[][] deviations = new double[classes][classes];
    for (int a = 0; a < classes; a++) {
      double mean = (Arrays.stream(rows[a]).sum() - rows[a][a]) / Math.max(1, classes - 1);
      double largest = 0;
      for (int b = 0; b < classes; b++) {
        if (b != a) {
          deviations[a][b] = rows[a][b] - mean;
          largest = Math.max(largest, Math.abs(deviations[a][b]));
        }
      }
      if (largest > 0) {
        for (int b = 0; b < classes; b++) {
          deviations[a][b] /= largest;
        }
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
