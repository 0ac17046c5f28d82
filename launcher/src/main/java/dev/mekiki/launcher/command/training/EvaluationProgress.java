package dev.mekiki.launcher.command.training;

import dev.mekiki.training.evaluation.EvaluationListener;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// A bar for the pictures and queries of an evaluation.
final class EvaluationProgress implements EvaluationListener, AutoCloseable {
  private final ProgressBar bar =
      new ProgressBarBuilder()
          .setTaskName("evaluate")
          .setStyle(ProgressBarStyle.ASCII)
          .setUnit(" pictures", 1)
          .showSpeed()
          .setUpdateIntervalMillis(1_000)
          .build();

  @Override
  public void progress(String stage, int done, int total) {
    bar.maxHint(total).stepTo(done).setExtraMessage(" " + stage);
  }

  @Override
  public void close() {
    bar.close();
  }
}
