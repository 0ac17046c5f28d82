package dev.mekiki.benchmarks.quality;

import ai.djl.ndarray.NDArray;
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

  private static final float ORTHOHASH_MARGIN = 0.2f;

  private static final LossWeights WEIGHTS = new LossWeights(1, 0, 0.1f, 0, 0);

  private MethodLosses() {}

  /// Toward the centers of the classes.
  ///
  /// @param centers one for each class, of the given number of bits
  /// @param targets one distribution over classes for each class, by {@link
  ///   SimilarityLabelSmoothing}
  static FeatureHead.Loss towardCenters(int bits, List<HashCode> centers, float[][] targets) {
    float[] rows = CenterLoss.rows(centers);
    return (outputs, labels, manager) ->
        new CenterLoss(WEIGHTS, new BatchShape(labels.length, 0, 0))
            .evaluate(
                outputs,
                SimilarityLabelSmoothing.rows(manager, labels, targets),
                manager.create(rows, new Shape(centers.size(), bits)));
  }

  /// Cross-entropy of softmax(scale (cosine - margin for the own class)) over random codes.
  static FeatureHead.Loss orthoHash(int classes, int bits, long seed) {
    Random random = new Random(seed);
    float[] codes = new float[classes * bits];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (random.nextBoolean() ? 1 : -1) / (float) Math.sqrt(bits);
    }
    return (outputs, labels, manager) -> {
      NDArray own = CrossEntropy.smoothed(manager, labels, classes, 0);
      // Not after the root: its gradient has no bound at 0, where dropout can put a row.
      NDArray lengths = outputs.square().sum(new int[] {1}, true).add(1e-6f).sqrt();
      NDArray cosines =
          outputs.div(lengths).matMul(manager.create(codes, new Shape(classes, bits)).transpose());
      return CrossEntropy.of(cosines.sub(own.mul(ORTHOHASH_MARGIN)).mul(ORTHOHASH_SCALE), own);
    };
  }
}
