package dev.mekiki.training;

/// Told of a run's progress, on the run's own thread.
public interface TrainingListener {
  /// After every step.
  ///
  /// @param loss of this step's batch
  void stepDone(Progress progress, float loss);

  /// After every epoch.
  ///
  /// @param loss mean over the epoch's steps
  void epochDone(Progress progress, double loss);

  /// Where a run stands.
  ///
  /// @param epoch the current one, from 1
  /// @param epochs of the whole run
  /// @param step done in the whole run, from 1
  /// @param steps of the whole run
  record Progress(int epoch, int epochs, int step, int steps) {}
}
