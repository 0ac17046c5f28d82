package dev.mekiki.training.evaluation;

/// Receives the progress of an evaluation. Called by one thread at a time.
@FunctionalInterface
public interface EvaluationListener {
  /// Called after each part of a stage.
  ///
  /// @param stage what is being done, such as `encode`
  /// @param done pictures or queries of the stage that are done
  /// @param total that it has
  void progress(String stage, int done, int total);
}
