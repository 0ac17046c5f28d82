package dev.mekiki.training.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.Arrays;

/// Cross-entropy: of softmax outputs toward distributions over classes, of single bits toward
/// theirs.
public final class CrossEntropy {
  private CrossEntropy() {}

  /// Mean over rows of - sum over classes of target times log softmax of the logits.
  ///
  /// @param logits (n, classes)
  /// @param targets (n, classes), each row adding up to 1
  /// @return a scalar
  public static NDArray of(NDArray logits, NDArray targets) {
    return logits.logSoftmax(1).mul(targets).sum().div(-logits.getShape().get(0));
  }

  /// Mean over all entries of the cross-entropy of (tanh(z) + 1) / 2, the logistic function of 2z,
  /// toward a bit b: softplus(2z) - 2zb, with softplus(x) = max(x, 0) + ln(1 + exp(-|x|)), exact
  /// for large outputs too.
  ///
  /// @param outputs z, of any shape
  /// @param bits b, 0 to 1, of the same shape
  /// @return a scalar
  public static NDArray ofBits(NDArray outputs, NDArray bits) {
    NDArray logits = outputs.mul(2);
    NDArray softplus = Activation.relu(logits).add(logits.abs().neg().exp().add(1).log());
    return softplus.sub(logits.mul(bits)).mean();
  }

  /// One row for each label: 1 - smoothing for its class, and smoothing spread evenly over all.
  ///
  /// @return (labels, classes)
  public static NDArray smoothed(NDManager manager, int[] labels, int classes, float smoothing) {
    float[] rows = new float[labels.length * classes];
    Arrays.fill(rows, smoothing / classes);
    for (int i = 0; i < labels.length; i++) {
      rows[i * classes + labels[i]] += 1 - smoothing;
    }
    return manager.create(rows, new Shape(labels.length, classes));
  }
}
