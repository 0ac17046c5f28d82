package dev.mekiki.hashing.center.solve;

import dev.mekiki.hashing.code.HashCode;
import java.util.List;

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

  /// False where the centers keep less than d.
  public boolean reachedTarget() {
    return minimumDistance >= targetDistance;
  }
}
