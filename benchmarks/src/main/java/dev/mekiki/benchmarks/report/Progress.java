package dev.mekiki.benchmarks.report;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// A progress bar on standard error.
public final class Progress implements AutoCloseable {
  private static final int STRIDE = 4096;

  private final ProgressBar bar;
  private int untilUpdate = STRIDE;

  /// @param task name of the task
  /// @param steps number of steps
  public Progress(String task, long steps) {
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(steps)
            .setStyle(ProgressBarStyle.ASCII)
            .showSpeed()
            .setUpdateIntervalMillis(1_000)
            .build();
  }

  /// Marks one more step as done. Cheap enough for a loop that is timed.
  public void step() {
    if (--untilUpdate == 0) {
      untilUpdate = STRIDE;
      bar.stepBy(STRIDE);
    }
  }

  /// Marks one more step as done, at once: for steps that take milliseconds.
  public void next() {
    bar.step();
  }

  /// Marks a number of steps as done.
  public void stepTo(long steps) {
    bar.stepTo(steps);
  }

  @Override
  public void close() {
    bar.stepTo(bar.getMax());
    bar.close();
  }
}
