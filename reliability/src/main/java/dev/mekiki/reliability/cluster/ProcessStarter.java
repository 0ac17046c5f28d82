package dev.mekiki.reliability.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Starts processes that the kernel kills as soon as this one has ended, however it ends: by
/// `setpriv` of util-linux. Where that is missing, they outlive this one if it is killed by
/// SIGKILL. Thread-safe.
final class ProcessStarter {
  private static final List<String> WITH_PARENT = List.of("setpriv", "--pdeathsig", "KILL");

  /// The kernel looks at the thread that has started a process, so all are started by one that
  /// stays.
  private static final ExecutorService THREAD =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("process-starter").factory());

  private static final boolean IS_BOUND = isBound();

  private ProcessStarter() {}

  private static boolean isBound() {
    List<String> trial = new ArrayList<>(WITH_PARENT);
    trial.add("true");
    try {
      String _ = SystemCommand.run(trial);
      return true;
    } catch (IOException e) {
      System.err.printf(
          "processes outlive the runner if it is killed: %s (expected: setpriv of util-linux 2.33"
              + " or later)%n",
          e.getMessage());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Starts one.
  ///
  /// @param group id of the system's group that it runs as, for which this process is root; 0 for
  ///   that of this process
  static Process start(ProcessBuilder builder, int group) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (IS_BOUND) {
      command.addAll(WITH_PARENT);
    }
    if (group != 0) {
      command.addAll(IS_BOUND ? List.of() : List.of("setpriv"));
      command.addAll(List.of("--regid", Integer.toString(group), "--clear-groups"));
    }
    command.addAll(builder.command());
    builder.command(command);
    try {
      return THREAD.submit(builder::start).get();
    } catch (ExecutionException e) {
      throw new IOException(String.join(" ", builder.command()), e.getCause());
    }
  }
}
