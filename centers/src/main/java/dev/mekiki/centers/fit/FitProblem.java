package dev.mekiki.centers.fit;

import dev.mekiki.centers.GilbertVarshamov;
import dev.mekiki.hashing.code.HashCode;
import java.util.List;

/// The problem: find C centers, every two at least d apart, that minimise the sum of the codes'
/// distances to their nearest center.
///
/// @param codes at least one, all of q bits; a code that occurs often counts often
/// @param count C, at least 1
/// @param minimumDistance d, 1 to q; q + 1 for a single center
/// @param seed of all random choices: the same seed gives the same centers
public record FitProblem(List<HashCode> codes, int count, int minimumDistance, long seed) {
  public FitProblem {
    codes = List.copyOf(codes);
    if (codes.isEmpty()) {
      throw new IllegalArgumentException("codes: none (expected: at least 1)");
    }
    int bits = codes.getFirst().bits();
    for (HashCode code : codes) {
      if (code.bits() != bits) {
        throw new IllegalArgumentException(
            "code: %d bits (expected: %d)".formatted(code.bits(), bits));
      }
    }
    // Says so where there are fewer codes than centers.
    int attainable = GilbertVarshamov.minimumDistance(bits, count);
    int largest = count == 1 ? attainable : bits;
    if (minimumDistance < 1 || minimumDistance > largest) {
      throw new IllegalArgumentException(
          "distance: %d (expected: 1 to %d)".formatted(minimumDistance, largest));
    }
  }

  /// The problem at the distance that so many centers should keep, see {@link GilbertVarshamov}.
  ///
  /// @throws IllegalArgumentException also if there are fewer codes of q bits than centers
  public static FitProblem of(List<HashCode> codes, int count, long seed) {
    if (codes.isEmpty()) {
      throw new IllegalArgumentException("codes: none (expected: at least 1)");
    }
    return new FitProblem(
        codes, count, GilbertVarshamov.minimumDistance(codes.getFirst().bits(), count), seed);
  }

  /// q.
  public int bits() {
    return codes.getFirst().bits();
  }
}
