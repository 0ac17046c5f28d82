package dev.mekiki.training.stages;

import dev.mekiki.encoding.preprocess.Preprocessing.Colour;
import dev.mekiki.training.loop.Schedule;
import dev.mekiki.training.losses.LossWeights;

/// The settings of the training toward centers.
///
/// @param schedule how long and how fast it learns, from the classifier's backbone on
/// @param colour what the network sees, the classifier's own or {@link Colour#LUMA}: a grey copy of
///   a picture then has its code
/// @param copies how many of a step's labelled pictures also come as an edited copy; 0 to the batch
///   size
/// @param negatives pictures of no class in a step beside the labelled ones, each in two augmented
///   views
/// @param consistencyEpochShare share of the epochs, the last ones, whose steps have copies and
///   negatives, above 0 to 1: such a step takes 1.7 times as long, and codes that still change in
///   every step need no consistency yet. Layers on a backbone have copies, at no cost, in all
///   epochs
/// @param weights of the parts of the loss
/// @param editShare of the labelled pictures without a copy that are edited, 0 to 1
/// @param labelSmoothing share of each target that is spread over the classes most similar to its
///   own, 0 to below 1, as {@link dev.mekiki.training.losses.SimilarityLabelSmoothing} does it
public record HashSettings(
    Schedule schedule,
    Colour colour,
    int copies,
    int negatives,
    float consistencyEpochShare,
    LossWeights weights,
    float editShare,
    float labelSmoothing) {
  public HashSettings {
    if (copies < 0 || copies > schedule.batchSize()) {
      throw new IllegalArgumentException(
          "copies: %d (expected: 0..%d, the batch size)".formatted(copies, schedule.batchSize()));
    }
    if (negatives < 0) {
      throw new IllegalArgumentException("negatives: %d (expected: >= 0)".formatted(negatives));
    }
    if (!(consistencyEpochShare > 0 && consistencyEpochShare <= 1)) {
      throw new IllegalArgumentException(
          "consistency epoch share: %s (expected: above 0, to 1)".formatted(consistencyEpochShare));
    }
    if (!(editShare >= 0 && editShare <= 1)) {
      throw new IllegalArgumentException("edit share: %s (expected: 0..1)".formatted(editShare));
    }
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new IllegalArgumentException(
          "label smoothing: %s (expected: 0 to below 1)".formatted(labelSmoothing));
    }
  }

  /// The defaults of `mekiki train`.
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

  /// The defaults of `mekiki refine`: the same at four tenths of the rate, at which a trained
  /// network keeps most of what it has learnt, and with eight times the weight of the bits. With a
  /// weight of 1 the bits hardly count beside the class, because each has a share of 1 / q in the
  /// mean; once the right center is the nearest, they are what is left to learn.
  ///
  /// @param colour what the network sees
  public static HashSettings refining(int epochs, Colour colour) {
    return residual(epochs, colour).withPeakRate(0.02f).withBitsWeight(8);
  }

  /// The same for layers on a frozen backbone: the settings that did best in `mekiki bench
  /// quality`, and edited copies. No negatives: the backbone has seen more than the training
  /// images.
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

  /// The same without what keeps the codes of edited copies: copies, negatives, edited pictures.
  public HashSettings withoutEditConsistency() {
    return new HashSettings(
        schedule,
        colour,
        0,
        0,
        consistencyEpochShare,
        new LossWeights(weights.bits(), weights.classes(), weights.quantisation(), 0, 0),
        0,
        labelSmoothing);
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
        negatives,
        consistencyEpochShare,
        weights,
        editShare,
        labelSmoothing);
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
        schedule,
        colour,
        copies,
        negatives,
        consistencyEpochShare,
        others,
        editShare,
        labelSmoothing);
  }

  /// The same with another {@link #labelSmoothing}.
  public HashSettings withLabelSmoothing(float share) {
    return new HashSettings(
        schedule, colour, copies, negatives, consistencyEpochShare, weights, editShare, share);
  }

  /// The same with another {@link #consistencyEpochShare}.
  public HashSettings withConsistencyEpochShare(float share) {
    return new HashSettings(
        schedule, colour, copies, negatives, share, weights, editShare, labelSmoothing);
  }

  /// These settings in the words that stand in checkpoints. The words must not change with the
  /// names in this class: a checkpoint belongs to a run with equal words only.
  String checkpointWords() {
    return "HashSettings[schedule=%s, colour=%s, copies=%d, strangers=%d, steadyShare=%s, weights=%s, editShare=%s, labelDoubt=%s]"
        .formatted(
            schedule,
            colour,
            copies,
            negatives,
            consistencyEpochShare,
            weights,
            editShare,
            labelSmoothing);
  }

  /// Whether the steps of an epoch have copies and negatives, which train consistency.
  ///
  /// @param epoch from 1
  boolean trainsConsistency(int epoch) {
    return epoch
        > schedule.epochs() - Math.max(1, Math.round(consistencyEpochShare * schedule.epochs()));
  }
}
