package dev.mekiki.centers.similarity;

import dev.mekiki.centers.solve.ClassSimilarity;
import java.util.List;

/// The similarity of classes from a hierarchy (Wu and Palmer, "Verb semantics and lexical
/// selection", ACL 1994):
///
///     likeness of a and b = 2 depth(c) / (depth(a) + depth(b))
///
/// c being the lowest superclass that both have. A class of n superclasses has depth n + 1, and
/// classes without a common superclass meet at depth 0. {@link RelativeSimilarity} then brings the
/// likeness to -1..1.
public final class HierarchySimilarity {
  private HierarchySimilarity() {}

  /// The similarity of the given classes.
  ///
  /// @param paths superclasses of each class, its own first, the most general last; without the
  ///   class itself, may be empty
  public static ClassSimilarity of(List<List<String>> paths) {
    int classes = paths.size();
    double[][] rows = new double[classes][classes];
    for (int a = 0; a < classes; a++) {
      for (int b = 0; b < a; b++) {
        int depths = paths.get(a).size() + paths.get(b).size() + 2;
        rows[a][b] = 2.0 * common(paths.get(a), paths.get(b)) / depths;
        rows[b][a] = rows[a][b];
      }
    }
    return RelativeSimilarity.of(rows);
  }

  /// How many superclasses two paths share, from the most general on.
  private static int common(List<String> a, List<String> b) {
    int common = 0;
    while (common < Math.min(a.size(), b.size())
        && a.get(a.size() - 1 - common).equals(b.get(b.size() - 1 - common))) {
      common++;
    }
    return common;
  }
}
