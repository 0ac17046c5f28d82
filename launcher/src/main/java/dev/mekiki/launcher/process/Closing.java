package dev.mekiki.launcher.process;

import dev.mekiki.runtime.failure.ComponentFailedException;
import dev.mekiki.runtime.lifecycle.ReverseCloser;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/// The parts of this process, closed in reverse order: on {@link #close}, or when the process is
/// asked to end (Ctrl-C, SIGTERM) where that comes first. Each is closed once. Thread-safe.
public final class Closing implements AutoCloseable {
  /// How long parts may take to close after one has failed; then the process ends without them.
  private static final Duration LIMIT_AFTER_FAILURE = Duration.ofSeconds(30);

  private final ReverseCloser parts = new ReverseCloser();
  private final Thread atExit = new Thread(this::closeAtExit, "mekiki-closing");
  private volatile boolean hasParts;

  private Closing() {}

  /// With no parts yet.
  public static Closing atExit() {
    Closing closing = new Closing();
    Runtime.getRuntime().addShutdownHook(closing.atExit);
    return closing;
  }

  /// Waits until a part fails. Where the process is asked to end before, its shutdown hooks close
  /// the parts, and this does not return.
  ///
  /// From then on the process ends within 30 s with exit code 1, even where a part does not close:
  /// one that has failed must be restarted.
  ///
  /// @param failure completes with the reason when a part fails
  /// @return the reason as one sentence
  public static String awaitFailure(CompletionStage<Throwable> failure)
      throws InterruptedException {
    Throwable reason;
    try {
      reason = failure.toCompletableFuture().get();
    } catch (ExecutionException e) {
      reason = e.getCause() == null ? e : e.getCause();
    }
    Thread watchdog = new Thread(Closing::endWithoutClosing, "mekiki-end-after-failure");
    watchdog.setDaemon(true);
    watchdog.start();
    return reason instanceof ComponentFailedException
        ? String.valueOf(reason.getMessage())
        : reason.toString();
  }

  private static void endWithoutClosing() {
    try {
      Thread.sleep(LIMIT_AFTER_FAILURE);
    } catch (InterruptedException e) {
      return;
    }
    System.err.printf(
        "mekiki: parts did not close within %d s after the failure%n",
        LIMIT_AFTER_FAILURE.toSeconds());
    Runtime.getRuntime().halt(1);
  }

  /// Takes a part, to be closed with the others. Where everything is closed already, it is closed
  /// at once.
  ///
  /// @throws IllegalStateException where everything is closed already
  public <T extends AutoCloseable> T add(T part) {
    hasParts = true;
    return parts.add(part);
  }

  @Override
  public void close() {
    // Waits for another thread that is closing: the process must not end before it is done.
    parts.close();
    hasParts = false;
    if (Thread.currentThread() != atExit) {
      forgetHook();
    }
  }

  private void closeAtExit() {
    if (hasParts) {
      // Requests and transactions in flight are finished, which may take seconds.
      System.err.println("stopping");
    }
    close();
  }

  @SuppressWarnings("EmptyCatch")
  private void forgetHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook will find nothing left to close.
    }
  }
}
