package dev.mekiki.training;

import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.preprocess.Preprocessing;

/// Everything that has a say in a training run besides its images.
///
/// @param epochs passes over the training images, at least 1
/// @param seed of centers, initial weights, order and augmentation
/// @param bits q of the hash codes
/// @param architecture of the network
/// @param preprocessing what the network reads; its input size must be that of the images
/// @param schedule how fast it learns
/// @param weights of the parts of the loss
public record TrainingSettings(
    int epochs,
    long seed,
    int bits,
    Architecture architecture,
    Preprocessing preprocessing,
    Schedule schedule,
    LossWeights weights) {
  public TrainingSettings {
    if (epochs < 1) {
      throw new IllegalArgumentException("epochs: %d (expected: >= 1)".formatted(epochs));
    }
  }

  /// What `mekiki train` does unless told otherwise: a residual network of 10 layers on luma of 32
  /// x 32, 64 bits.
  public static TrainingSettings defaults(int epochs, long seed) {
    return new TrainingSettings(
        epochs,
        seed,
        64,
        Architecture.resnet10(),
        Preprocessing.luma(32),
        new Schedule(108, 10, 3e-3f, 0.05f, 0.05f),
        new LossWeights(1, 1, 0.1f, 1, 1));
  }

  /// AdamW with a learning rate that rises linearly to its peak and falls to 0 along a cosine.
  ///
  /// @param batchSize labelled pictures in a step
  /// @param strangers pictures of no class in a step beside them, each in two views
  /// @param peakRate largest learning rate
  /// @param weightDecay in proportion to the learning rate
  /// @param warmUp share of all steps in which the rate rises
  public record Schedule(
      int batchSize, int strangers, float peakRate, float weightDecay, float warmUp) {
    public Schedule {
      if (batchSize < 2) {
        throw new IllegalArgumentException("batch size: %d (expected: >= 2)".formatted(batchSize));
      }
      if (strangers < 0) {
        throw new IllegalArgumentException("strangers: %d (expected: >= 0)".formatted(strangers));
      }
    }

    float rate(int step, int steps) {
      float rising = Math.max(1, warmUp * steps);
      if (step < rising) {
        return peakRate * (step + 1) / (rising + 1);
      }
      double progress = Math.min(1, (step - rising) / Math.max(1, steps - rising));
      return (float) (peakRate * 0.5 * (1 + Math.cos(Math.PI * progress)));
    }
  }

  /// The weights of the loss's parts beside the cross-entropy toward the center's bits, which has
  /// 1.
  ///
  /// @param quantisation of the outputs' squared distance from -1 or 1
  /// @param consistency of the squared distance between the outputs of a stranger's two views
  /// @param separation of the squared cosine between the outputs of different strangers
  public record LossWeights(
      float bits, float classes, float quantisation, float consistency, float separation) {}
}
