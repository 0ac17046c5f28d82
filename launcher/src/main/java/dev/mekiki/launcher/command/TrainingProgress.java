package dev.mekiki.launcher.command;

import dev.mekiki.training.TrainingListener;
import java.io.PrintWriter;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// A bar for the steps of a training, and a line now and then that stays: the time left.
final class TrainingProgress implements TrainingListener, AutoCloseable {
  private final PrintWriter out;
  private final ProgressBar bar;

  private String stage = "";
  private long start;
  private int first;
  private int toldTenths;

  /// @param task what is done, in a word
  TrainingProgress(String task, PrintWriter out) {
    this.out = out;
    this.bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setStyle(ProgressBarStyle.ASCII)
            .setUnit(" steps", 1)
            .showSpeed()
            .setUpdateIntervalMillis(1_000)
            .build();
  }

  @Override
  public void stepDone(Progress progress, float loss) {
    if (!progress.stage().equals(stage)) {
      stage = progress.stage();
      start = System.nanoTime();
      first = progress.step() - 1;
    }
    bar.maxHint(progress.steps())
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
        minutesLeft(progress.step(), progress.steps()));
    out.flush();
  }

  @Override
  public void featuresDone(FeatureProgress progress) {
    if (!progress.of().equals(stage)) {
      stage = progress.of();
      start = System.nanoTime();
      first = progress.done();
      toldTenths = 0;
    }
    bar.maxHint(progress.total()).stepTo(progress.done()).setExtraMessage(" " + progress.of());
    int tenths = (int) (10L * progress.done() / progress.total());
    int timed = progress.done() - first;
    if (tenths > toldTenths && timed > 0) {
      toldTenths = tenths;
      out.printf(
          "%s: %,d of %,d, %d min left%n",
          progress.of(),
          progress.done(),
          progress.total(),
          minutesLeft(progress.done(), progress.total()));
      out.flush();
    }
  }

  /// At the speed since the stage's start.
  private long minutesLeft(int done, int total) {
    return Duration.ofNanos(System.nanoTime() - start)
        .multipliedBy(total - done)
        .dividedBy(done - first)
        .toMinutes();
  }

  @Override
  public void close() {
    bar.close();
  }
}
