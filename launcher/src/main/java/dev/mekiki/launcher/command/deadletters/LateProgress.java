package dev.mekiki.launcher.command.deadletters;

import dev.mekiki.runtime.deadletter.ScanProgress;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// A progress bar on standard error that appears only where something takes longer than a second.
final class LateProgress implements ScanProgress, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final String task;
  private final long start = System.nanoTime();
  private @Nullable ProgressBar bar;

  /// @param task one word
  LateProgress(String task) {
    this.task = task;
  }

  @Override
  public void progress(long done, long total) {
    if (bar == null && System.nanoTime() - start > PATIENCE.toNanos()) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(1_000)
              .build();
    }
    if (bar != null) {
      bar.maxHint(total).stepTo(done);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
