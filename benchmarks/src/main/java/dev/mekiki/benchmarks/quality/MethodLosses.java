package dev.mekiki.benchmarks.quality;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.backbone.FeatureHead;
import dev.mekiki.training.losses.CenterLoss;
import dev.mekiki.training.losses.CenterLoss.BatchShape;
import dev.mekiki.training.losses.CrossEntropy;
import dev.mekiki.training.losses.LossWeights;
import dev.mekiki.training.losses.SimilarityLabelSmoothing;
import java.util.List;
import java.util.Random;

/// The losses of the methods compared.
final class MethodLosses {
  /// Of the cosine, and taken from that of the own class: as published for CIFAR-100.
  private static final float ORTHOHASH_SCALE = 8;

  /// Of OrthoHash, and of center-reassigned hashing, which took it over.
  private static final float MARGIN = 0.2f;

  private static final float CRH_QUANTISATION = 0.1f;

  private static final LossWeights WEIGHTS = new LossWeights(1, 0, 0.1f, 0, 0);

  private MethodLosses() {}

  /// Toward the centers of the classes.
  ///
  /// @param centers one for each class
  /// @param targets one distribution over classes for each class, by {@link
  ///   SimilarityLabelSmoothing}
  static FeatureHead.Loss towardCenters(List<HashCode> centers, float[][] targets) {
    float[] rows = CenterLoss.rows(centers);
    return (outputs, labels, manager) -> towardCenters(outputs, labels, rows, targets, manager);
  }

  /// The same of one batch.
  ///
  /// @param centers (classes, bits) of -1 and 1
  static NDArray towardCenters(
      NDArray outputs, int[] labels, float[] centers, float[][] targets, NDManager manager) {
    return new CenterLoss(WEIGHTS, new BatchShape(labels.length, 0, 0))
        .evaluate(
            outputs,
            SimilarityLabelSmoothing.rows(manager, labels, targets),
            manager.create(centers, new Shape(targets.length, outputs.getShape().get(1))));
  }

  /// Cross-entropy of softmax(scale (cosine - margin for the own class)) over random codes.
  static FeatureHead.Loss orthoHash(int classes, int bits, long seed) {
    Random random = new Random(seed);
    float[] codes = new float[classes * bits];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = random.nextBoolean() ? 1 : -1;
    }
    return (outputs, labels, manager) ->
        marginOfCosines(outputs, labels, codes, ORTHOHASH_SCALE, manager);
  }

  /// The loss of center-reassigned hashing (arXiv 2511.12162), for one label a picture: the
  /// cross-entropy of OrthoHash, at a scale of sqrt(2) ln(classes - 1), and a tenth of the
  /// quantisation (|tanh z| - 1)^2.
  ///
  /// @param centers (classes, bits) of -1 and 1
  static NDArray reassigned(NDArray outputs, int[] labels, float[] centers, NDManager manager) {
    int classes = Math.toIntExact(centers.length / outputs.getShape().get(1));
    float scale = (float) Math.max(1, Math.sqrt(2) * Math.log(classes - 1));
    return marginOfCosines(outputs, labels, centers, scale, manager)
        .add(outputs.tanh().abs().sub(1).square().mean().mul(CRH_QUANTISATION));
  }

  /// @param codes (classes, bits) of -1 and 1
  private static NDArray marginOfCosines(
      NDArray outputs, int[] labels, float[] codes, float scale, NDManager manager) {
    int bits = Math.toIntExact(outputs.getShape().get(1));
    int classes = codes.length / bits;
    NDArray own = CrossEntropy.smoothed(manager, labels, classes, 0);
    // Not after the root: its gradient has no bound at 0, where dropout can put a row.
    NDArray lengths = outputs.square().sum(new int[] {1}, true).add(1e-6f).sqrt();
    NDArray cosines =
        outputs
            .div(lengths)
            .matMul(manager.create(codes, new Shape(classes, bits)).transpose())
            .div((float) Math.sqrt(bits));
    return CrossEntropy.of(cosines.sub(own.mul(MARGIN)).mul(scale), own);
  }
}
