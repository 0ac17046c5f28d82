package dev.mekiki.training.stages;

import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.training.loop.Schedule;

/// The settings of the training of the classifier.
///
/// @param seed of initial weights, order and augmentation
/// @param architecture of the backbone
/// @param preprocessing what the network reads; its input size must be that of the images
/// @param schedule how long and how fast it learns
/// @param labelSmoothing share of each target that is spread evenly over all classes, 0 to below 1
/// @param editShare of the pictures that are edited the way that copies are, 0 to 1
public record ClassifierSettings(
    long seed,
    Architecture architecture,
    Preprocessing preprocessing,
    Schedule schedule,
    float labelSmoothing,
    float editShare) {
  public ClassifierSettings {
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new IllegalArgumentException(
          "label smoothing: %s (expected: 0 to below 1)".formatted(labelSmoothing));
    }
    if (!(editShare >= 0 && editShare <= 1)) {
      throw new IllegalArgumentException("edit share: %s (expected: 0..1)".formatted(editShare));
    }
  }

  /// The defaults of `mekiki train`: a residual network of 10 layers on colours of 32 x 32.
  public static ClassifierSettings defaults(int epochs, long seed) {
    return new ClassifierSettings(
        seed,
        Architecture.Residual.resnet10Wide(),
        Preprocessing.rgb(32),
        new Schedule(epochs, 128, 0.2f, 5e-4f, 0.05f),
        0.1f,
        0.25f);
  }

  /// The same for layers on a frozen backbone: the settings that did best in `mekiki bench
  /// quality`, and a share of edited copies.
  static ClassifierSettings onBackbone(
      Architecture.TorchScript architecture, Preprocessing preprocessing, int epochs, long seed) {
    return new ClassifierSettings(
        seed, architecture, preprocessing, new Schedule(epochs, 128, 0.05f, 5e-4f, 0.1f), 0, 0.25f);
  }
}
