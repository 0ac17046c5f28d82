package dev.mekiki.training.stages;

import dev.mekiki.encoding.preprocess.Preprocessing.Colour;
import dev.mekiki.training.loop.Schedule;
import dev.mekiki.training.losses.LossWeights;

/// Everything that has a say in the training toward centers besides images and centers.
///
/// @param schedule how long and how fast it learns, from the classifier's backbone on
/// @param colour what the network sees, the classifier's own or {@link Colour#LUMA}: a grey copy of
///   a picture then has its code
/// @param copies how many of a step's labelled pictures come in an edited copy too, beside them; 0
///   to the batch size
/// @param strangers pictures of no class in a step beside the labelled ones, each in two views
/// @param steadyShare of the epochs, the last ones, whose steps have copies and strangers, above 0
///   to 1: they make a step 1.7 times as dear, and codes that still move are not yet worth holding
///   still. Layers on a backbone have copies, which cost them nothing, in all epochs
/// @param weights of the parts of the loss
/// @param editShare of the labelled pictures without a copy that are edited, 0 to 1
/// @param labelDoubt share of each target that is spread over the classes most like its own, 0 to
///   below 1: what labels are wrong is most often a near class
public record HashSettings(
    Schedule schedule,
    Colour colour,
    int copies,
    int strangers,
    float steadyShare,
    LossWeights weights,
    float editShare,
    float labelDoubt) {
  public HashSettings {
    if (copies < 0 || copies > schedule.batchSize()) {
      throw new IllegalArgumentException(
          "copies: %d (expected: 0..%d, the batch size)".formatted(copies, schedule.batchSize()));
    }
    if (strangers < 0) {
      throw new IllegalArgumentException("strangers: %d (expected: >= 0)".formatted(strangers));
    }
    if (!(steadyShare > 0 && steadyShare <= 1)) {
      throw new IllegalArgumentException(
          "steady share: %s (expected: above 0, to 1)".formatted(steadyShare));
    }
    if (!(editShare >= 0 && editShare <= 1)) {
      throw new IllegalArgumentException("edit share: %s (expected: 0..1)".formatted(editShare));
    }
    if (!(labelDoubt >= 0 && labelDoubt < 1)) {
      throw new IllegalArgumentException(
          "label doubt: %s (expected: 0 to below 1)".formatted(labelDoubt));
    }
  }

  /// What `mekiki train` does unless told otherwise.
  public static HashSettings defaults(int epochs) {
    return residual(epochs, Colour.LUMA);
  }

  private static HashSettings residual(int epochs, Colour colour) {
    return new HashSettings(
        new Schedule(epochs, 80, 0.05f, 5e-4f, 0.05f),
        colour,
        24,
        16,
        1f / 3,
        new LossWeights(1, 1, 0.1f, 2, 1),
        0.25f,
        0);
  }

  /// What `mekiki refine` does unless told otherwise: the same at four tenths of the rate, at which
  /// a network that was trained to the end keeps most of what it has learnt, and with eight times
  /// the weight of the bits. Beside the class they hardly count otherwise, for each has but a share
  /// of 1 / q in the mean; once the right center is the nearest they are what is left to learn.
  ///
  /// @param colour what the network sees
  public static HashSettings refining(int epochs, Colour colour) {
    return residual(epochs, colour).withPeakRate(0.02f).withBitsWeight(8);
  }

  /// The same for layers on a frozen backbone: what did best for {@link
  /// dev.mekiki.benchmarks.quality.RetrievalProtocol}, and edited copies. Strangers there are none:
  /// the backbone has seen more than the training images.
  static HashSettings onBackbone(int epochs) {
    return new HashSettings(
        new Schedule(epochs, 128, 0.2f, 5e-4f, 0.2f),
        Colour.RGB,
        64,
        0,
        1,
        new LossWeights(1, 0, 0.1f, 1, 0),
        0.25f,
        0);
  }

  /// The same without anything that keeps the codes of edited copies: neither copies nor strangers
  /// nor edited pictures.
  public HashSettings withoutEditConsistency() {
    return new HashSettings(
        schedule,
        colour,
        0,
        0,
        steadyShare,
        new LossWeights(weights.bits(), weights.classes(), weights.quantisation(), 0, 0),
        0,
        labelDoubt);
  }

  /// The same with another {@link Schedule#peakRate}.
  public HashSettings withPeakRate(float rate) {
    return new HashSettings(
        new Schedule(
            schedule.epochs(),
            schedule.batchSize(),
            rate,
            schedule.weightDecay(),
            schedule.warmUp()),
        colour,
        copies,
        strangers,
        steadyShare,
        weights,
        editShare,
        labelDoubt);
  }

  /// The same with another {@link LossWeights#bits}.
  public HashSettings withBitsWeight(float weight) {
    return withWeights(
        new LossWeights(
            weight,
            weights.classes(),
            weights.quantisation(),
            weights.consistency(),
            weights.separation()));
  }

  /// The same with another {@link LossWeights#consistency}.
  public HashSettings withConsistencyWeight(float weight) {
    return withWeights(
        new LossWeights(
            weights.bits(),
            weights.classes(),
            weights.quantisation(),
            weight,
            weights.separation()));
  }

  private HashSettings withWeights(LossWeights others) {
    return new HashSettings(
        schedule, colour, copies, strangers, steadyShare, others, editShare, labelDoubt);
  }

  /// The same with another {@link #labelDoubt}.
  public HashSettings withLabelDoubt(float share) {
    return new HashSettings(
        schedule, colour, copies, strangers, steadyShare, weights, editShare, share);
  }

  /// The same with another {@link #steadyShare}.
  public HashSettings withSteadyShare(float share) {
    return new HashSettings(
        schedule, colour, copies, strangers, share, weights, editShare, labelDoubt);
  }

  /// Whether the steps of an epoch have copies and strangers.
  ///
  /// @param epoch from 1
  boolean isSteady(int epoch) {
    return epoch > schedule.epochs() - Math.max(1, Math.round(steadyShare * schedule.epochs()));
  }
}
