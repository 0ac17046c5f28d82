package dev.mekiki.training.backbone;

import dev.mekiki.training.loop.Schedule;

/// How a backbone is trained on, together with the layers on it.
///
/// @param epochs passes over the training pictures, at least 1
/// @param rate largest learning rate of the layers, above 0
/// @param backboneRate largest learning rate of the backbone, above 0
public record FineTuningSettings(int epochs, float rate, float backboneRate) {
  private static final int BATCH_SIZE = 64;
  private static final float RATE = 0.02f;
  private static final float BACKBONE_RATE = 0.001f;
  private static final float WEIGHT_DECAY = 5e-4f;
  private static final float WARM_UP = 0.1f;

  public FineTuningSettings {
    if (!(backboneRate > 0)) {
      throw new IllegalArgumentException(
          "backbone's rate: %s (expected: above 0)".formatted(backboneRate));
    }
    // The schedule checks the others.
    new Schedule(epochs, BATCH_SIZE, rate, WEIGHT_DECAY, WARM_UP);
  }

  /// At the rates of `mekiki train`.
  public FineTuningSettings(int epochs) {
    this(epochs, RATE, BACKBONE_RATE);
  }

  /// By batches, at the rate of the layers.
  public Schedule schedule() {
    return new Schedule(epochs, BATCH_SIZE, rate, WEIGHT_DECAY, WARM_UP);
  }
}
