package dev.mekiki.training;

import dev.mekiki.centers.solve.CenterSolution;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.hashing.code.HashCode;
import java.util.List;

/// A hash network at the end of its training.
///
/// @param seed of its centers, its weights and its order
/// @param trainingCodes of the training images, in their order
/// @param testCodes of the test images, in their order
public record TrainedBundle(
    Bundle bundle,
    long seed,
    CenterSolution centers,
    List<HashCode> trainingCodes,
    List<HashCode> testCodes) {
  public TrainedBundle {
    trainingCodes = List.copyOf(trainingCodes);
    testCodes = List.copyOf(testCodes);
  }
}
