package dev.mekiki.launcher.command.services;

import dev.mekiki.launcher.process.Closing;
import dev.mekiki.launcher.process.Logs;
import dev.mekiki.launcher.process.ProcessClock;
import dev.mekiki.runtime.StartException;
import java.io.PrintWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine.Model.CommandSpec;

/// A process with one service in it: logs on standard error, one line on standard output once the
/// service listens, and an end by Ctrl-C or SIGTERM.
final class SingleService {
  private SingleService() {}

  /// A service that runs.
  ///
  /// @param address where it listens
  /// @param failure completes with the reason when it fails
  record Running(String address, CompletionStage<Throwable> failure) {}

  /// Starts a service.
  interface Start {
    /// Starts it.
    ///
    /// @param parts closes the service at the end
    Running start(Closing parts) throws InterruptedException;
  }

  /// Starts a service, and returns never: it fails, or the process ends.
  static int run(CommandSpec spec, Start start) throws InterruptedException {
    Logs.toConsole();
    try (Closing parts = Closing.atExit()) {
      Running service = start.start(parts);
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          "%s listens at %s after %.1f s; Ctrl-C ends it%n",
          spec.name(), service.address(), ProcessClock.seconds());
      out.flush();
      throw new StartException(
          "%s failed: %s".formatted(spec.name(), Closing.awaitFailure(service.failure())));
    }
  }

  /// For a service that reports no failure.
  static CompletionStage<Throwable> never() {
    return new CompletableFuture<>();
  }
}
