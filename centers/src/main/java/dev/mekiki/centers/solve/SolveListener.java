package dev.mekiki.centers.solve;

/// Receives the progress of a solver.
@FunctionalInterface
public interface SolveListener {
  /// Called often, from one of the solver's threads at a time.
  ///
  /// @param done steps behind it, 0 to `total`
  /// @param total steps at most: a solver may be done sooner
  void progress(long done, long total);
}
