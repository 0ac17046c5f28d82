package dev.mekiki.centers.solve;

/// Receives the progress of a solver.
@FunctionalInterface
public interface SolveListener {
  /// Called often, from one of the solver's threads at a time.
  ///
  /// @param done number of finished steps, 0 to `total`
  /// @param total largest number of steps: a solver may finish earlier
  void progress(long done, long total);
}
