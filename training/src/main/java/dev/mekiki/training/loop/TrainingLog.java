package dev.mekiki.training.loop;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/// Records how long the stages of a training took and how their losses fell, and forwards every
/// event. Not thread-safe.
public final class TrainingLog implements TrainingListener {
  private final TrainingListener next;
  private final LongSupplier nanos;
  private final long start;
  private final Map<String, Kept> kept = new LinkedHashMap<>();

  /// @param next receives every event, too
  /// @param nanos a clock such as `System::nanoTime`
  public TrainingLog(TrainingListener next, LongSupplier nanos) {
    this.next = next;
    this.nanos = nanos;
    this.start = nanos.getAsLong();
  }

  /// A stage, without the epochs that an earlier process did of it.
  ///
  /// @param epochs of the whole stage
  /// @param firstEpoch the first that was seen
  /// @param losses mean loss of each epoch from that on
  /// @param seconds from the end of the first step that was seen to the end of the last
  /// @param stepsPerSecond 0 for a single step
  public record Stage(
      String name,
      int epochs,
      int firstEpoch,
      List<Double> losses,
      double seconds,
      double stepsPerSecond) {
    public Stage {
      losses = List.copyOf(losses);
    }
  }

  @Override
  public void stepDone(Progress progress, float loss) {
    kept.computeIfAbsent(progress.stage(), stage -> new Kept(progress, nanos.getAsLong()))
        .step(nanos.getAsLong());
    next.stepDone(progress, loss);
  }

  @Override
  public void epochDone(Progress progress, double loss) {
    Kept stage = kept.get(progress.stage());
    if (stage != null) {
      stage.losses.add(loss);
    }
    next.epochDone(progress, loss);
  }

  @Override
  public void featuresDone(FeatureProgress progress) {
    next.featuresDone(progress);
  }

  /// The stages of which a step was seen, in their order.
  public List<Stage> stages() {
    return kept.values().stream().map(Kept::stage).toList();
  }

  /// Seconds since this log was made.
  public double seconds() {
    return (nanos.getAsLong() - start) / 1e9;
  }

  private static final class Kept {
    private final Progress first;
    private final long begun;
    private final List<Double> losses = new ArrayList<>();
    private long last;
    private int steps;

    Kept(Progress first, long begun) {
      this.first = first;
      this.begun = begun;
    }

    void step(long now) {
      last = now;
      steps++;
    }

    Stage stage() {
      double seconds = (last - begun) / 1e9;
      return new Stage(
          first.stage(),
          first.epochs(),
          first.epoch(),
          losses,
          seconds,
          steps > 1 ? (steps - 1) / seconds : 0);
    }
  }
}
