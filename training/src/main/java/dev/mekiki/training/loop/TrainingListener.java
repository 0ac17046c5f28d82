package dev.mekiki.training.loop;

/// Receives the progress of a run, on the run's own thread.
public interface TrainingListener {
  /// Ignores every event.
  TrainingListener SILENT =
      new TrainingListener() {
        @Override
        public void stepDone(Progress progress, float loss) {}

        @Override
        public void epochDone(Progress progress, double loss) {}
      };

  /// After every step.
  ///
  /// @param loss of this step's batch
  void stepDone(Progress progress, float loss);

  /// After every epoch.
  ///
  /// @param loss mean over the epoch's steps
  void epochDone(Progress progress, double loss);

  /// After every batch of pictures whose features are computed before the first stage: a training
  /// from scratch computes none.
  default void featuresDone(FeatureProgress progress) {}

  /// A listener for a part of a run, which forwards its stages to this one under the part's name.
  default TrainingListener within(String part) {
    TrainingListener whole = this;
    return new TrainingListener() {
      @Override
      public void stepDone(Progress progress, float loss) {
        whole.stepDone(named(progress), loss);
      }

      @Override
      public void epochDone(Progress progress, double loss) {
        whole.epochDone(named(progress), loss);
      }

      @Override
      public void featuresDone(FeatureProgress progress) {
        whole.featuresDone(
            new FeatureProgress(name(progress.of()), progress.done(), progress.total()));
      }

      private Progress named(Progress progress) {
        return new Progress(
            name(progress.stage()),
            progress.epoch(),
            progress.epochs(),
            progress.step(),
            progress.steps());
      }

      private String name(String stage) {
        return part + ", " + stage;
      }
    };
  }

  /// Where the features stand.
  ///
  /// @param of what pictures
  /// @param done how many of them
  /// @param total of them
  record FeatureProgress(String of, int done, int total) {}

  /// Where a stage stands.
  ///
  /// @param stage its name
  /// @param epoch the current one, from 1
  /// @param epochs of the whole stage
  /// @param step done in the whole stage, from 1
  /// @param steps of the whole stage
  record Progress(String stage, int epoch, int epochs, int step, int steps) {}
}
