package dev.mekiki.runtime.lifecycle;

import java.time.Duration;

/// Waiting for threads to end.
public final class Threads {
  private Threads() {}

  /// Waits until a daemon thread has ended, and interrupts it where it has not within the limit: it
  /// ends by itself then.
  public static void joinWithin(Thread thread, Duration limit) {
    try {
      if (!thread.join(limit)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  /// Waits until a thread has ended, also where the calling thread is interrupted; its interrupt
  /// flag is kept.
  public static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
