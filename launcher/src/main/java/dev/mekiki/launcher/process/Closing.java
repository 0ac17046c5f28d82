package dev.mekiki.launcher.process;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/// Things that were started, closed in reverse order: on {@link #close}, or when the process is
/// told to end (Ctrl-C, SIGTERM) where that comes first. Each is closed once. Thread-safe.
public final class Closing implements AutoCloseable {
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Thread atExit = new Thread(this::closeAtExit, "mekiki-closing");
  private boolean closed;

  private Closing() {}

  /// With nothing started yet.
  public static Closing atExit() {
    Closing closing = new Closing();
    Runtime.getRuntime().addShutdownHook(closing.atExit);
    return closing;
  }

  /// Waits until the process is told to end; its shutdown hooks do what is to be done then.
  ///
  /// @param failure ends the wait where it completes before
  /// @return why the process is of no use any more
  public static Throwable untilExit(CompletionStage<Throwable> failure)
      throws InterruptedException {
    try {
      return failure.toCompletableFuture().get();
    } catch (ExecutionException e) {
      return e;
    }
  }

  /// Takes care of a thing from now on; closes it at once where everything is closed already.
  public <T extends AutoCloseable> T add(T thing) {
    synchronized (this) {
      if (!closed) {
        started.push(thing);
        return thing;
      }
    }
    close(thing);
    throw new IllegalStateException("the process is ending");
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      // Held while closing: the process must not end before it is done.
      while (!started.isEmpty()) {
        close(started.pop());
      }
    }
    if (Thread.currentThread() != atExit) {
      forgetHook();
    }
  }

  private void closeAtExit() {
    synchronized (this) {
      if (!started.isEmpty()) {
        // Some seconds pass until requests and transactions under way have ended.
        System.err.println("stopping");
      }
      close();
    }
  }

  @SuppressWarnings("EmptyCatch")
  private void forgetHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook will find nothing left to close.
    }
  }

  private static void close(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception e) {
      // What was started before it is closed all the same.
      System.Logger log = System.getLogger(Closing.class.getName());
      log.log(System.Logger.Level.WARNING, "closing failed: " + thing, e);
    }
  }
}
