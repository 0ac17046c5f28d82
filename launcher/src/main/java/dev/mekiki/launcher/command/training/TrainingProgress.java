package dev.mekiki.launcher.command.training;

import dev.mekiki.training.loop.TrainingListener;
import java.io.PrintWriter;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// A bar for each stage of a training, and a line now and then that stays: the time left. What a
/// resumed stage did before counts for neither's speed.
final class TrainingProgress implements TrainingListener, AutoCloseable {
  private final String task;
  private final PrintWriter out;

  private @Nullable Stage stage;
  private int printedTenths;

  /// @param task what is done, in a word
  TrainingProgress(String task, PrintWriter out) {
    this.task = task;
    this.out = out;
  }

  /// @param first what was done before it
  private record Stage(String name, ProgressBar bar, int first, long start) {
    /// At the speed since the stage's start.
    long minutesLeft(int done, int total) {
      return Duration.ofNanos(System.nanoTime() - start)
          .multipliedBy(total - done)
          .dividedBy(done - first)
          .toMinutes();
    }
  }

  @Override
  public void stepDone(Progress progress, float loss) {
    stage(progress.stage(), progress.step() - 1, progress.steps())
        .bar()
        .stepTo(progress.step())
        .setExtraMessage(" %s: loss %.3f".formatted(progress.stage(), loss));
  }

  @Override
  public void epochDone(Progress progress, double loss) {
    out.printf(
        "%s: epoch %d of %d: mean loss %.4f, %d min left%n",
        progress.stage(),
        progress.epoch(),
        progress.epochs(),
        loss,
        stage(progress.stage(), progress.step() - 1, progress.steps())
            .minutesLeft(progress.step(), progress.steps()));
    out.flush();
  }

  @Override
  public void featuresDone(FeatureProgress progress) {
    Stage of = stage(progress.of(), progress.done(), progress.total());
    of.bar().stepTo(progress.done()).setExtraMessage(" " + progress.of());
    int tenths = (int) (10L * progress.done() / progress.total());
    if (tenths > printedTenths && progress.done() > of.first()) {
      printedTenths = tenths;
      out.printf(
          "%s: %,d of %,d, %d min left%n",
          progress.of(),
          progress.done(),
          progress.total(),
          of.minutesLeft(progress.done(), progress.total()));
      out.flush();
    }
  }

  /// The stage under way, or one that begins.
  ///
  /// @param before steps of it that were done before
  private Stage stage(String name, int before, int total) {
    Stage last = stage;
    if (last != null && last.name().equals(name)) {
      return last;
    }
    close();
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setStyle(ProgressBarStyle.ASCII)
            .setUnit(" steps", 1)
            .showSpeed()
            .setUpdateIntervalMillis(1_000)
            .setInitialMax(total)
            .startsFrom(before, Duration.ZERO)
            .build();
    Stage begun = new Stage(name, bar, before, System.nanoTime());
    stage = begun;
    printedTenths = 0;
    return begun;
  }

  @Override
  public void close() {
    if (stage != null) {
      stage.bar().close();
    }
  }
}
