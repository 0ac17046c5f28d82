package dev.mekiki.centers.solve;

/// Is told how far a solver has come.
@FunctionalInterface
public interface SolveListener {
  /// Called often, from one of the solver's threads at a time.
  ///
  /// @param done steps behind it, 0 to `total`
  /// @param total steps at most: a solver may be done sooner
  void progress(long done, long total);
}
