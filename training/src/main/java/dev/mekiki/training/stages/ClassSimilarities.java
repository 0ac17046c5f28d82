package dev.mekiki.training.stages;

import dev.mekiki.centers.similarity.RelativeSimilarity;
import dev.mekiki.centers.similarity.VectorSimilarity;
import dev.mekiki.centers.solve.ClassSimilarity;
import java.util.Arrays;

/// How alike classes are, computed from what a classifier makes of their pictures.
public final class ClassSimilarities {
  private ClassSimilarities() {}

  /// From a classifier's mistakes (SHC, arXiv 2507.08404): for each picture the probabilities of
  /// the classes without its own, softmax over the other outputs; their mean over the pictures of a
  /// class is its row.
  ///
  /// {@link RelativeSimilarity} brings the rows to -1..1. A class without pictures has zeros.
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
    return RelativeSimilarity.of(rows);
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
    return VectorSimilarity.ofCentred(means);
  }
}
