package dev.mekiki.centers.solve;

import java.util.Optional;

/// One way to find centers.
@FunctionalInterface
interface Solver {
  /// Centers for the problem; none if no table at its minimum distance was found. A baseline
  /// without a distance constraint returns its centers, whatever their distance is.
  Optional<CenterCodes> solve(CenterProblem problem, SolveListener listener);
}
