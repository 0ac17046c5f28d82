package dev.mekiki.training.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.mekiki.hashing.code.HashCode;
import java.util.List;

/// The loss of the hash network: it draws codes to their centers and keeps the codes of edited
/// copies equal.
///
/// For outputs z of the hash layer, u = tanh(z) and the center's bits b (0 or 1), it is the sum of
///
///     bits            BCE((u + 1) / 2, b), mean over bits and labelled pictures
///     class           cross-entropy of softmax(SHARPNESS u . c / bits) over the centers c, as -1 and
///                     1, mean over labelled pictures
///     quantisation    (|u| - 1)^2, mean over bits and all views
///     consistency     (u - u')^2, mean over bits and the pictures in two views, u' being the edited
///     separation      (u . v / bits)^2, mean over pairs u, v of different negatives
///
/// each by its weight. The bits alone learn too slowly at first: their gradient moves each bit toward
/// its own half of the classes, while that of the class only moves the right center nearest. Without
/// separation, one code for all negatives would minimise the rest.
public final class CenterLoss {
  /// Of the softmax over centers: codes on their center give it a probability of all but 1, for
  /// other centers have a cosine of 1/4 or less.
  private static final float SHARPNESS = 20;

  private final LossWeights weights;
  private final BatchShape shape;

  public CenterLoss(LossWeights weights, BatchShape shape) {
    this.weights = weights;
    this.shape = shape;
  }

  /// What the rows of a batch are, in this order: labelled pictures, negatives, edited copies of
  /// the last of the labelled pictures, edited copies of the negatives.
  ///
  /// @param labelled pictures of known classes
  /// @param copies how many of them come in an edited copy too
  /// @param negatives pictures of no class, each in two views
  public record BatchShape(int labelled, int copies, int negatives) {
    public int rows() {
      return labelled + negatives + copies + negatives;
    }

    /// How many labelled pictures, the first ones, come without a copy.
    public int alone() {
      return labelled - copies;
    }

    /// Row of the edited copy of a row from {@link #alone} on.
    public int copyOf(int row) {
      return edited() + row - alone();
    }

    /// First row of the edited copies.
    int edited() {
      return labelled + negatives;
    }
  }

  /// Centers as {@link #evaluate} takes them: (classes, bits) of -1 and 1, row-major.
  public static float[] rows(List<HashCode> centers) {
    int bits = centers.getFirst().bits();
    float[] rows = new float[centers.size() * bits];
    for (int center = 0; center < centers.size(); center++) {
      for (int bit = 0; bit < bits; bit++) {
        rows[center * bits + bit] = centers.get(center).bit(bit) ? 1 : -1;
      }
    }
    return rows;
  }

  /// The loss of one batch.
  ///
  /// @param outputs (rows, bits) before tanh
  /// @param classes (labelled, classes), each row a distribution over classes: 1 for the picture's
  ///   own, or less with label smoothing
  /// @param centers (classes, bits) of -1 and 1
  /// @return a scalar
  public NDArray evaluate(NDArray outputs, NDArray classes, NDArray centers) {
    long bits = centers.getShape().get(1);
    int labelled = shape.labelled();
    int negatives = shape.negatives();
    NDArray u = outputs.tanh();
    NDArray targets = classes.matMul(centers).add(1).div(2);
    NDArray bitLoss = CrossEntropy.ofBits(outputs.get(new NDIndex("0:{}", labelled)), targets);
    NDArray similarities =
        u.get(new NDIndex("0:{}", labelled)).matMul(centers.transpose()).mul(SHARPNESS / bits);
    NDArray loss =
        bitLoss
            .mul(weights.bits())
            .add(CrossEntropy.of(similarities, classes).mul(weights.classes()))
            .add(u.abs().sub(1).square().mean().mul(weights.quantisation()));
    if (shape.copies() + negatives > 0) {
      NDArray plain = u.get(new NDIndex("{}:{}", shape.alone(), shape.edited()));
      NDArray edited = u.get(new NDIndex("{}:", shape.edited()));
      loss = loss.add(plain.sub(edited).square().mean().mul(weights.consistency()));
    }
    if (negatives > 1) {
      NDArray plain = u.get(new NDIndex("{}:{}", labelled, shape.edited()));
      NDArray others = outputs.getManager().eye(negatives).neg().add(1);
      NDArray alike = plain.matMul(plain.transpose()).div(bits).mul(others).square().sum();
      loss = loss.add(alike.mul(weights.separation() / (negatives * (negatives - 1f))));
    }
    return loss;
  }
}
