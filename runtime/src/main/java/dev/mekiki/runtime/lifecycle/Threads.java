package dev.mekiki.runtime.lifecycle;

/// Waiting for threads to end.
public final class Threads {
  private Threads() {}

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
