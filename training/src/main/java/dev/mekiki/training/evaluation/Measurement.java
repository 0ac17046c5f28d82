package dev.mekiki.training.evaluation;

import dev.mekiki.encoding.network.ViewMean;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.network.Inference;
import dev.mekiki.training.network.TrainedNetwork;
import java.util.ArrayList;
import java.util.List;

/// Codes of a hash network, and how well they retrieve.
///
/// @param meanAveragePrecision of the test images against the training images
/// @param featureMean over the training images
/// @param trainingCodes of the training images, in their order
/// @param testCodes of the test images, in their order
public record Measurement(
    double meanAveragePrecision,
    List<Float> featureMean,
    List<HashCode> trainingCodes,
    List<HashCode> testCodes) {
  public static Measurement of(
      Inference inference, TrainedNetwork network, LabelledImages training, LabelledImages test) {
    double[] featureSum = new double[network.architecture().features()];
    List<HashCode> database = codes(inference, network, training, featureSum);
    List<Float> featureMean = new ArrayList<>();
    for (double sum : featureSum) {
      featureMean.add((float) (sum / training.size()));
    }
    List<HashCode> queries = codes(inference, network, test, new double[featureSum.length]);
    double map = new MeanAveragePrecision(database, training.labels()).of(queries, test.labels());
    return new Measurement(map, featureMean, database, queries);
  }

  private static List<HashCode> codes(
      Inference inference, TrainedNetwork network, LabelledImages images, double[] featureSum) {
    int views = network.preprocessing().views().size();
    List<HashCode> codes = new ArrayList<>();
    inference.outputs(
        network,
        images,
        (from, n, outputs, features) -> {
          for (int i = 0; i < n; i++) {
            codes.add(HashCode.fromOutputs(ViewMean.hash(outputs, i, views, network.outputs())));
          }
          for (int i = 0; i < features.length; i++) {
            featureSum[i % featureSum.length] += features[i] / views;
          }
        });
    return codes;
  }
}
