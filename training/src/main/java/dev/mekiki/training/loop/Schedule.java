package dev.mekiki.training.loop;

import java.util.Map;

/// How long and how fast a stage learns: by batches, at a rate that rises linearly to its peak and
/// falls to 0 along a cosine.
///
/// @param epochs passes over the training images, at least 1
/// @param batchSize labelled pictures in a step, at least 2
/// @param peakRate largest learning rate, above 0
/// @param weightDecay added to the gradient for each unit of weight
/// @param warmUp share of all steps in which the rate rises, 0 to 1
public record Schedule(int epochs, int batchSize, float peakRate, float weightDecay, float warmUp) {
  public Schedule {
    if (epochs < 1) {
      throw new IllegalArgumentException("epochs: %d (expected: >= 1)".formatted(epochs));
    }
    if (batchSize < 2) {
      throw new IllegalArgumentException("batch size: %d (expected: >= 2)".formatted(batchSize));
    }
    if (!(peakRate > 0)) {
      throw new IllegalArgumentException("peak rate: %s (expected: above 0)".formatted(peakRate));
    }
    if (!(warmUp >= 0 && warmUp <= 1)) {
      throw new IllegalArgumentException("warm-up: %s (expected: 0..1)".formatted(warmUp));
    }
  }

  /// Puts this schedule's numbers among the settings of a manifest.
  ///
  /// @param stage first word of their names
  public void describe(String stage, Map<String, String> byName) {
    byName.put(stage + "_epochs", Integer.toString(epochs));
    byName.put(stage + "_batch_size", Integer.toString(batchSize));
    byName.put(stage + "_optimizer", "momentum 0.9, linear warm-up, cosine");
    byName.put(stage + "_peak_rate", Float.toString(peakRate));
    byName.put(stage + "_weight_decay", Float.toString(weightDecay));
    byName.put(stage + "_warm_up", Float.toString(warmUp));
  }

  /// The learning rate of one step.
  ///
  /// @param step from 0
  /// @param steps of the whole stage
  float rate(int step, int steps) {
    float rising = Math.max(1, warmUp * steps);
    if (step < rising) {
      return peakRate * (step + 1) / (rising + 1);
    }
    double progress = Math.min(1, (step - rising) / Math.max(1, steps - rising));
    return (float) (peakRate * 0.5 * (1 + Math.cos(Math.PI * progress)));
  }
}
