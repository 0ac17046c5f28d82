package dev.mekiki.training.testing;

import dev.mekiki.training.loop.TrainingListener;
import java.util.ArrayList;
import java.util.List;

/// Records events, and ends a training as a crash would, once the checkpoint of an epoch is
/// written.
public final class InterruptingListener implements TrainingListener {
  private final int lastEpoch;
  private final List<Progress> epochs = new ArrayList<>();
  private final List<String> features = new ArrayList<>();

  public InterruptingListener(int lastEpoch) {
    this.lastEpoch = lastEpoch;
  }

  /// Numbers of the epochs done.
  public List<Integer> epochs() {
    return epochs.stream().map(Progress::epoch).toList();
  }

  /// The same, each after the name of its stage.
  public List<String> stages() {
    return epochs.stream().map(done -> done.stage() + " " + done.epoch()).toList();
  }

  /// What all features were computed of.
  public List<String> features() {
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
  public static final class Ended extends RuntimeException {}
}
