package dev.mekiki.training.losses;

/// The weights of the loss's parts; 0 switches one off.
///
/// @param bits of the cross-entropy toward the center's bits
/// @param classes of the cross-entropy over centers
/// @param quantisation of the outputs' squared distance from -1 or 1
/// @param consistency of the squared distance between the outputs of a picture and its edited copy
/// @param separation of the squared cosine between the outputs of different negatives
public record LossWeights(
    float bits, float classes, float quantisation, float consistency, float separation) {
  public LossWeights {
    for (float weight : new float[] {bits, classes, quantisation, consistency, separation}) {
      if (!(weight >= 0 && weight < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "weight of a part of the loss: %s (expected: 0 or more)".formatted(weight));
      }
    }
  }
}
