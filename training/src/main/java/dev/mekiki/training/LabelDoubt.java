package dev.mekiki.training;

import dev.mekiki.hashing.center.solve.ClassSimilarity;

/// What labels are taken to say where some are wrong: label smoothing toward the classes that are
/// like the labelled one, for which it is most often mistaken, rather than toward all alike.
final class LabelDoubt {
  private LabelDoubt() {}

  /// One distribution over classes for each class: 1 - doubt for itself, and the doubt spread over
  /// the others in proportion to their similarity as far as it is above 0, or evenly where none is.
  ///
  /// @param doubt 0 to below 1
  static float[][] targets(ClassSimilarity similarity, float doubt) {
    int classes = similarity.classes();
    float[][] targets = new float[classes][classes];
    for (int a = 0; a < classes; a++) {
      float sum = 0;
      for (int b = 0; b < classes; b++) {
        sum += b == a ? 0 : Math.max(0, similarity.of(a, b));
      }
      for (int b = 0; b < classes; b++) {
        float share = sum > 0 ? Math.max(0, similarity.of(a, b)) / sum : 1f / (classes - 1);
        targets[a][b] = b == a ? 1 - doubt : doubt * share;
      }
    }
    return targets;
  }
}
