package dev.mekiki.training;

import java.util.ArrayList;
import java.util.List;

/// Keeps what it is told, and ends a training as a crash would, once the checkpoint of an epoch is
/// written.
final class EndingAfter implements TrainingListener {
  private final int lastEpoch;
  private final List<Progress> epochs = new ArrayList<>();
  private final List<String> features = new ArrayList<>();

  EndingAfter(int lastEpoch) {
    this.lastEpoch = lastEpoch;
  }

  /// Numbers of the epochs done.
  List<Integer> epochs() {
    return epochs.stream().map(Progress::epoch).toList();
  }

  /// The same, each after the name of its stage.
  List<String> stages() {
    return epochs.stream().map(done -> done.stage() + " " + done.epoch()).toList();
  }

  /// What all features were computed of.
  List<String> features() {
    return features;
  }

  @Override
  public void stepDone(Progress progress, float loss) {
    if (progress.epoch() > lastEpoch) {
      throw new Ended();
    }
  }

  @Override
  public void epochDone(Progress progress, double loss) {
    epochs.add(progress);
  }

  @Override
  public void featuresDone(FeatureProgress progress) {
    if (progress.done() == progress.total()) {
      features.add(progress.of());
    }
  }

  /// The crash.
  static final class Ended extends RuntimeException {}
}
