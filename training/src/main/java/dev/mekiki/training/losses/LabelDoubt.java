package dev.mekiki.training.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.mekiki.centers.solve.ClassSimilarity;

/// What labels are taken to say where some are wrong: label smoothing toward the classes that are
/// like the labelled one, for which it is most often mistaken, rather than toward all alike.
public final class LabelDoubt {
  private LabelDoubt() {}

  /// One distribution over classes for each class: 1 - doubt for itself, and the doubt spread over
  /// the others in proportion to their similarity as far as it is above 0, or evenly where none is.
  ///
  /// @param doubt 0 to below 1
  public static float[][] targets(ClassSimilarity similarity, float doubt) {
    int classes = similarity.classes();
    float[][] targets = new float[classes][classes];
    for (int a = 0; a < classes; a++) {
      float sum = 0;
      for (int b = 0; b < classes; b++) {
        sum += b == a ? 0 : Math.max(0, similarity.of(a, b));
      }
      for (int b = 0; b < classes; b++) {
        float share = sum > 0 ? Math.max(0, similarity.of(a, b)) / sum : 1f / (classes - 1);
        targets[a][b] = b == a ? 1 - doubt : doubt * share;
      }
    }
    return targets;
  }

  /// The targets where labels are taken at their word.
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
