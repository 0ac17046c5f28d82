package dev.mekiki.training.stages;

import dev.mekiki.centers.solve.ClassSimilarity;

/// Where the similarity of classes comes from that centers are optimised for.
public sealed interface SimilaritySource {
  /// Which classes the classifier takes for each other; see {@link ClassSimilarities#ofMistakes}.
  ///
  /// @param temperature of the softmax over its outputs, above 0
  record Mistakes(float temperature) implements SimilaritySource {
    public Mistakes {
      if (!(temperature > 0)) {
        throw new IllegalArgumentException(
            "temperature: %s (expected: above 0)".formatted(temperature));
      }
    }
  }

  /// The classifier's mean features of each class; see {@link ClassSimilarities#ofFeatures}.
  record MeanFeatures() implements SimilaritySource {}

  /// A table of the user's own, from metadata, texts or an expert.
  ///
  /// @param name of it, for the manifest
  /// @param similarity of the classes in the order of the training images
  record Table(String name, ClassSimilarity similarity) implements SimilaritySource {}

  /// What stands in the manifest.
  default String description() {
    return switch (this) {
      case Mistakes mistakes ->
          "the classifier's mistakes, temperature %s".formatted(mistakes.temperature());
      case MeanFeatures _ -> "mean features";
      case Table table -> "table " + table.name();
    };
  }
}
