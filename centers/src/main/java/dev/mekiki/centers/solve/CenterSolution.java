package dev.mekiki.centers.solve;

import dev.mekiki.hashing.code.HashCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Centers that a solver found.
///
/// @param codes the centers, one for each class in the similarity's order
/// @param solver the name of what found them
/// @param targetDistance d of the problem
/// @param minimumDistance the smallest distance of two centers, measured; q + 1 for a single one
/// @param loss mean over C^2 entries of (S - H^T H / q)^2, 0 to 4
/// @param seconds by the clock
public record CenterSolution(
    List<HashCode> codes,
    String solver,
    int targetDistance,
    int minimumDistance,
    double loss,
    double seconds) {
  public CenterSolution {
    codes = List.copyOf(codes);
  }

  /// Centers that no solver found, measured as if one had.
  ///
  /// @param codes one for each class of the problem, of its length
  /// @param name of what found them
  public static CenterSolution measured(List<HashCode> codes, String name, CenterProblem problem) {
    CenterCodes centers = CenterCodes.of(codes);
    return new CenterSolution(
        codes,
        name,
        problem.minimumDistance(),
        centers.smallestDistance(),
        centers.loss(problem.similarity()),
        0);
  }

  /// The same centers, assigned to the classes in another order: equal distances, without their
  /// meaning.
  ///
  /// @param similarity what these were found for
  /// @param seed of the permutation
  public CenterSolution permuted(ClassSimilarity similarity, long seed) {
    List<HashCode> dealt = new ArrayList<>(codes);
    Collections.shuffle(dealt, new Random(seed));
    return new CenterSolution(
        dealt,
        solver + "-permuted",
        targetDistance,
        minimumDistance,
        CenterCodes.of(dealt).loss(similarity),
        seconds);
  }

  /// False if the centers keep less than d.
  public boolean reachedTarget() {
    return minimumDistance >= targetDistance;
  }
}
