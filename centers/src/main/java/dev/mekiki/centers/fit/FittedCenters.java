package dev.mekiki.centers.fit;

import dev.mekiki.hashing.code.HashCode;
import java.util.List;

/// Centers fitted to codes.
///
/// @param codes the centers, that of the largest bucket first
/// @param targetDistance d of the problem
/// @param minimumDistance the smallest distance of two centers, measured; q + 1 for a single one
/// @param meanDistance of the codes to their nearest center
public record FittedCenters(
    List<HashCode> codes, int targetDistance, int minimumDistance, double meanDistance) {
  public FittedCenters {
    codes = List.copyOf(codes);
  }

  /// False if the centers keep less than d.
  public boolean reachedTarget() {
    return minimumDistance >= targetDistance;
  }
}
