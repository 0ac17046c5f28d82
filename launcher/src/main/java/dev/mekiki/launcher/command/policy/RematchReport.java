package dev.mekiki.launcher.command.policy;

import dev.mekiki.client.MekikiException;
import dev.mekiki.client.PolicyClient;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.schemas.v1.Rematch;
import dev.mekiki.schemas.v1.Rematch.State;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/// Prints how far a rematch has come.
///
/// @param json whether as a line of JSON each
record RematchReport(PrintWriter out, boolean json) {
  private static final Duration INTERVAL = Duration.ofMillis(500);

  /// Prints it once.
  void print(Rematch job) {
    out.println(json ? JsonOption.of(job) : line(job));
    out.flush();
  }

  /// Prints each change until the job has ended.
  ///
  /// @param begun the job
  /// @return the exit code: that of a failure, unless it is done
  /// @throws MekikiException where the service does not answer: the job goes on
  int follow(PolicyClient client, Rematch begun) {
    Rematch last = begun;
    print(last);
    while (isActive(last)) {
      if (!pause()) {
        return ExitCode.FAILED;
      }
      Rematch now = client.rematch();
      if (!now.getId().equals(begun.getId())) {
        // Another one has begun, so this one has ended.
        out.println("another rematch has begun: " + now.getId());
        out.flush();
        return ExitCode.FAILED;
      }
      if (!now.equals(last)) {
        print(now);
      }
      last = now;
    }
    return last.getState() == State.DONE ? ExitCode.OK : ExitCode.FAILED;
  }

  private static boolean isActive(Rematch job) {
    return job.getState() == State.PREPARING || job.getState() == State.RUNNING;
  }

  private static boolean pause() {
    try {
      Thread.sleep(INTERVAL);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String line(Rematch job) {
    StringBuilder line = new StringBuilder(job.getState().name().toLowerCase(Locale.ROOT));
    if (job.getState() != State.PREPARING) {
      line.append(
          ": %,d of %,d images, %,d new events, %,d known"
              .formatted(job.getImages(), job.getImagesInTotal(), job.getEvents(), job.getKnown()));
      if (job.getCandidates() > 0) {
        line.append(", %,d pairs to be verified as copies".formatted(job.getCandidates()));
      }
    }
    if (!job.getCancelledBy().isEmpty()) {
      line.append(", cancelled by ").append(Table.visible(job.getCancelledBy()));
    }
    if (!job.getMessage().isEmpty()) {
      line.append(job.getState() == State.PREPARING ? ": " : "; ");
      line.append(Table.visible(job.getMessage()));
    }
    return line.toString();
  }
}
