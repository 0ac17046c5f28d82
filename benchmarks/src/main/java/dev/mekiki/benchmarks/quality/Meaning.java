package dev.mekiki.benchmarks.quality;

import dev.mekiki.centers.solve.ClassSimilarity;
import org.jspecify.annotations.Nullable;

/// What the similarity of classes is made of: the mistakes of the classifier, a table from outside,
/// or both.
///
/// @param name of the table, in reports; `classifier` where there is none
/// @param outside the table; null for the classifier's alone
/// @param weight of the table, 0 to 1; the rest is that of the classifier's
public record Meaning(String name, @Nullable ClassSimilarity outside, float weight) {
  public static final Meaning CLASSIFIER = new Meaning("classifier", null, 0);

  public Meaning {
    if (!(weight >= 0 && weight <= 1)) {
      throw new IllegalArgumentException("weight: %s (expected: 0..1)".formatted(weight));
    }
  }

  /// The name in reports: with the weight, unless that is 1.
  String label() {
    return label(name, weight);
  }

  /// The same of a name and a weight.
  static String label(String name, float weight) {
    return weight == 1 || name.equals(CLASSIFIER.name()) ? name : name + " " + weight;
  }

  /// The mixture.
  ClassSimilarity with(ClassSimilarity classifiers) {
    return outside == null ? classifiers : classifiers.mixedWith(outside, weight);
  }
}
