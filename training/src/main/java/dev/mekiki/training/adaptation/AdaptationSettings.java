package dev.mekiki.training.adaptation;

/// Everything that has a say in an {@link Adaptation} besides bundle and pictures.
///
/// @param steps of the training, at least 1
/// @param pictures in a step, each plain and edited, at least 1
/// @param kept pictures in a step whose codes are to stay, where there are any
/// @param peakRate largest learning rate, above 0
/// @param quantisation weight of the outputs' squared distance from -1 or 1
/// @param keeping weight of what keeps the codes of kept pictures
/// @param share how far the weights go from the old ones to those learnt, above 0 to 1: a part of
///   the way keeps most of what is won and costs other pictures less (Wortsman et al., "Robust
///   fine-tuning of zero-shot models", 2022)
/// @param seed of the order of the pictures and of their edits
public record AdaptationSettings(
    int steps,
    int pictures,
    int kept,
    float peakRate,
    float quantisation,
    float keeping,
    float share,
    long seed) {
  public AdaptationSettings {
    if (steps < 1) {
      throw new IllegalArgumentException("steps: %d (expected: at least 1)".formatted(steps));
    }
    if (pictures < 1 || kept < 0) {
      throw new IllegalArgumentException(
          "pictures in a step: %d and %d kept (expected: at least 1 and 0)"
              .formatted(pictures, kept));
    }
    if (!(peakRate > 0)) {
      throw new IllegalArgumentException("peak rate: %s (expected: above 0)".formatted(peakRate));
    }
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share: %s (expected: above 0 to 1)".formatted(share));
    }
  }

  /// The defaults of `mekiki adapt`.
  public static AdaptationSettings defaults(int steps, long seed) {
    return new AdaptationSettings(steps, 24, 128, 0.02f, 0.1f, 30, 0.9f, seed);
  }
}
