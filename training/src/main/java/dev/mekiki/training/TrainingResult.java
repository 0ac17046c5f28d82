package dev.mekiki.training;

import dev.mekiki.centers.solve.ClassSimilarity;
import dev.mekiki.encoding.bundle.Bundle;
import java.util.List;

/// The result of a training.
///
/// @param classifierAccuracy share of the test images whose class the first stage finds
/// @param similarity of classes, which the centers follow
/// @param networks by number of bits in the order of the settings, and then by seed from the
///   training's own on
public record TrainingResult(
    double classifierAccuracy, ClassSimilarity similarity, List<TrainedBundle> networks) {
  public TrainingResult {
    networks = List.copyOf(networks);
  }

  /// The networks of the training's own seed: one for each number of bits, in their order.
  public List<TrainedBundle> own() {
    long seed = networks.getFirst().seed();
    return networks.stream().filter(network -> network.seed() == seed).toList();
  }

  /// The bundles of these.
  public List<Bundle> bundles() {
    return own().stream().map(TrainedBundle::bundle).toList();
  }
}
