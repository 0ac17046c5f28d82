package dev.mekiki.centers.solve;

import java.util.Optional;

/// One way to find centers.
@FunctionalInterface
interface Solver {
  /// Centers for the problem; none if no table at its minimum distance was found. A baseline that
  /// knows no such distance gives its centers, whatever theirs is.
  Optional<CenterCodes> solve(CenterProblem problem, SolveListener listener);
}
