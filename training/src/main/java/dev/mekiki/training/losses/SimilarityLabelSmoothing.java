package dev.mekiki.training.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.mekiki.centers.solve.ClassSimilarity;

/// Class-similarity label smoothing: a share of each target is spread over the classes that are
/// similar to the labelled one, because wrong labels most often name a similar class. Uniform label
/// smoothing is {@link CrossEntropy#smoothed}.
public final class SimilarityLabelSmoothing {
  private SimilarityLabelSmoothing() {}

  /// One distribution over classes for each class: 1 - smoothing for itself, and the smoothing
  /// spread over the others in proportion to their similarity as far as it is above 0, or evenly
  /// where none is.
  ///
  /// @param smoothing 0 to below 1
  public static float[][] targets(ClassSimilarity similarity, float smoothing) {
    int classes = similarity.classes();
    float[][] targets = new float[classes][classes];
    for (int a = 0; a < classes; a++) {
      float sum = 0;
      for (int b = 0; b < classes; b++) {
        sum += b == a ? 0 : Math.max(0, similarity.of(a, b));
      }
      for (int b = 0; b < classes; b++) {
        float share = sum > 0 ? Math.max(0, similarity.of(a, b)) / sum : 1f / (classes - 1);
        targets[a][b] = b == a ? 1 - smoothing : smoothing * share;
      }
    }
    return targets;
  }

  /// The targets without smoothing.
  public static float[][] none(int classes) {
    float[][] targets = new float[classes][classes];
    for (int i = 0; i < classes; i++) {
      targets[i][i] = 1;
    }
    return targets;
  }

  /// The targets of the labels of a batch.
  ///
  /// @return (labels, classes)
  public static NDArray rows(NDManager manager, int[] labels, float[][] targets) {
    int classes = targets.length;
    float[] rows = new float[labels.length * classes];
    for (int i = 0; i < labels.length; i++) {
      System.arraycopy(targets[labels[i]], 0, rows, i * classes, classes);
    }
    return manager.create(rows, new Shape(labels.length, classes));
  }
}
