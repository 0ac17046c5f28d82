package dev.mekiki.encoding.network;

import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.initializer.NormalInitializer;

/// The layers that are trained on a backbone's features: normalisation, dropout, a linear layer of
/// rectified units, dropout, a linear layer. Training and serving build the same blocks from here;
/// dropout does nothing but in training.
public final class FeatureLayers {
  /// Standard deviation of the last layer's weights before the first step.
  private static final float FIRST_WEIGHTS = 0.01f;

  private FeatureLayers() {}

  /// The layers, not initialised yet: (n, features) floats in, (n, outputs) out.
  ///
  /// @param hidden units of the layer before the last
  /// @param outputs of the last layer
  /// @param dropout share of units left out in training, 0 to below 1
  public static SequentialBlock of(int hidden, int outputs, float dropout) {
    // From outputs near 0: from large ones the first steps of a high rate go so far astray that a
    // loss may never come back.
    Linear last = Linear.builder().setUnits(outputs).build();
    last.setInitializer(new NormalInitializer(FIRST_WEIGHTS), Parameter.Type.WEIGHT);
    return new SequentialBlock()
        .add(BatchNorm.builder().build())
        .add(Dropout.builder().optRate(dropout).build())
        .add(Linear.builder().setUnits(hidden).build())
        .add(Activation.reluBlock())
        .add(Dropout.builder().optRate(dropout).build())
        .add(last);
  }
}
