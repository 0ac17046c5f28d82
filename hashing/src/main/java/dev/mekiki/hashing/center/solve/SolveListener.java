package dev.mekiki.hashing.center.solve;

/// Is told how far a solver has come.
@FunctionalInterface
public interface SolveListener {
  /// Called from the solver's thread, often.
  ///
  /// @param done steps behind it, 0 to `total`
  /// @param total steps in all as far as known: it may still grow
  void progress(long done, long total);
}
