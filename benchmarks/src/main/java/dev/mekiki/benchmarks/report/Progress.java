package dev.mekiki.benchmarks.report;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// A bar on standard error while many things of one kind are done.
public final class Progress implements AutoCloseable {
  private static final int STRIDE = 4096;

  private final ProgressBar bar;
  private int untilUpdate = STRIDE;

  /// @param task what is done
  /// @param steps how often
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

  /// One more is done. Cheap enough for a loop whose time is taken.
  public void step() {
    if (--untilUpdate == 0) {
      untilUpdate = STRIDE;
      bar.stepBy(STRIDE);
    }
  }

  /// So many are done.
  public void stepTo(long steps) {
    bar.stepTo(steps);
  }

  @Override
  public void close() {
    bar.stepTo(bar.getMax());
    bar.close();
  }
}
