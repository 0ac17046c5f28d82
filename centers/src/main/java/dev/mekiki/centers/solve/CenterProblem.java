package dev.mekiki.centers.solve;

import dev.mekiki.centers.GilbertVarshamov;
import dev.mekiki.hashing.code.HashCode;

/// The problem: find H in {-1, +1}^(q x C) that minimises the mean over C^2 entries of (S - H^T H /
/// q)^2, with every two columns at Hamming distance d or more. It is the second stage of semantic
/// hash centers (Chen et al., arXiv 2507.08404).
///
/// @param bits q, a multiple of 8, {@link HashCode#MIN_BITS} to {@link HashCode#MAX_BITS}
/// @param similarity S of the C classes
/// @param minimumDistance d, 1 to q; q + 1 for a single class
/// @param seed of all random choices: the same seed gives the same centers
public record CenterProblem(int bits, ClassSimilarity similarity, int minimumDistance, long seed) {
  public CenterProblem {
    if (bits < HashCode.MIN_BITS || bits > HashCode.MAX_BITS || bits % Byte.SIZE != 0) {
      throw new IllegalArgumentException(
          "bits: %d (expected: a multiple of %d, %d to %d)"
              .formatted(bits, Byte.SIZE, HashCode.MIN_BITS, HashCode.MAX_BITS));
    }
    if (minimumDistance < 1 || minimumDistance > bits + 1) {
      throw new IllegalArgumentException(
          "minimumDistance: %d (expected: 1 to %d)".formatted(minimumDistance, bits + 1));
    }
  }

  /// The problem at the distance that so many centers should keep, see {@link GilbertVarshamov}.
  ///
  /// @throws IllegalArgumentException also if there are fewer codes than classes
  public static CenterProblem of(int bits, ClassSimilarity similarity, long seed) {
    return new CenterProblem(
        bits, similarity, GilbertVarshamov.minimumDistance(bits, similarity.classes()), seed);
  }

  /// C.
  public int classes() {
    return similarity.classes();
  }

  /// The same at another distance.
  CenterProblem withMinimumDistance(int distance) {
    return new CenterProblem(bits, similarity, distance, seed);
  }
}
