package dev.mekiki.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/// Cross-entropy of softmax outputs toward distributions over classes.
final class CrossEntropy {
  private CrossEntropy() {}

  /// Mean over rows of - sum over classes of target times log softmax of the logits.
  ///
  /// @param logits (n, classes)
  /// @param targets (n, classes), each row adding up to 1
  /// @return a scalar
  static NDArray of(NDArray logits, NDArray targets) {
    return logits.logSoftmax(1).mul(targets).sum().div(-logits.getShape().get(0));
  }

  /// One row for each label: 1 - smoothing for its class, and smoothing spread evenly over all.
  ///
  /// @return (labels, classes)
  static NDArray smoothed(NDManager manager, int[] labels, int classes, float smoothing) {
    float[] rows = new float[labels.length * classes];
    Arrays.fill(rows, smoothing / classes);
    for (int i = 0; i < labels.length; i++) {
      rows[i * classes + labels[i]] += 1 - smoothing;
    }
    return manager.create(rows, new Shape(labels.length, classes));
  }
}
