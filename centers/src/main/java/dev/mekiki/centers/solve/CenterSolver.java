package dev.mekiki.centers.solve;

import java.util.Locale;
import java.util.Optional;

/// The ways to find centers. All take the same problem and return the same kind of answer; each is
/// deterministic: the same problem, the same centers.
public enum CenterSolver {
  /// Ours, the default: bit flips, annealed, with restarts. See {@link Annealing}.
  ANNEALED(new Annealing()),

  /// The augmented Lagrangian of semantic hash centers (arXiv 2507.08404). See {@link
  /// AugmentedLagrangian}.
  PUBLISHED(new AugmentedLagrangian()),

  /// Minimal-distance-separated centers (Wang et al., CVPR 2023): far from each other, whatever the
  /// classes mean. See {@link MinimalDistanceSeparation}.
  MDS(new MinimalDistanceSeparation()),

  /// Rows of a Hadamard matrix, as in central similarity quantization (Yuan et al., CVPR 2020). See
  /// {@link HadamardCenters}.
  HADAMARD(new HadamardCenters()),

  /// Random codes at distance d. See {@link dev.mekiki.centers.RandomCenters}.
  RANDOM(new RandomDraws());

  @SuppressWarnings("ImmutableEnumChecker") // solvers have no state
  private final Solver solver;

  CenterSolver(Solver solver) {
    this.solver = solver;
  }

  /// Centers for the problem. If none are found at its d (only one less is guaranteed to exist),
  /// smaller distances are tried.
  ///
  /// @throws IllegalArgumentException if there are more classes than codes
  public CenterSolution solve(CenterProblem problem, SolveListener listener) {
    if (problem.bits() < Integer.SIZE - 1 && problem.classes() > 1 << problem.bits()) {
      throw new IllegalArgumentException(
          "similarity: %d classes (expected: at most 2^%d, the number of codes)"
              .formatted(problem.classes(), problem.bits()));
    }
    long start = System.nanoTime();
    CenterProblem tried = problem;
    Optional<CenterCodes> found = solver.solve(tried, listener);
    while (found.isEmpty() && tried.minimumDistance() > 1) {
      tried = tried.withMinimumDistance(tried.minimumDistance() - 1);
      found = solver.solve(tried, listener);
    }
    CenterCodes centers =
        found.orElseThrow(() ->
            new IllegalArgumentException(
                "similarity: %d classes (expected: well below 2^%d, the number of codes)"
                    .formatted(problem.classes(), problem.bits())));
    double seconds = (System.nanoTime() - start) / 1e9;
    return new CenterSolution(
        centers.toHashCodes(),
        toString(),
        problem.minimumDistance(),
        centers.smallestDistance(),
        centers.loss(problem.similarity()),
        seconds);
  }

  /// The name in options and reports: that of the constant in lower case.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
