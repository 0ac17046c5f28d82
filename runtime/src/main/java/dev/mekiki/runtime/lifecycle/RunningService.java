package dev.mekiki.runtime.lifecycle;

import dev.mekiki.runtime.StartException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/// A service that was started and listens.
///
/// Life: started -> ready (on and off, as its partitions come and go) -> closed, or failed by
/// itself; a failed one must be closed, too. Implementations are thread-safe.
public interface RunningService extends AutoCloseable {
  /// The service's name in keys, logs and messages, such as `encoder`.
  String name();

  /// host:port where it listens.
  String address();

  /// Whether it can do its work now.
  boolean isReady();

  /// Completes with the reason when the service fails: it does no more work then, and its process
  /// should end. Never completes where the service is closed before.
  CompletionStage<Throwable> failure();

  /// Waits until {@link #isReady}.
  ///
  /// @throws StartException where it is not ready within the limit, or fails before it is
  default void awaitReady(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    var failed = failure().toCompletableFuture();
    while (!isReady()) {
      if (failed.isDone()) {
        Throwable reason = failed.join();
        throw new StartException("%s: failed while starting: %s".formatted(name(), reason), reason);
      }
      if (System.nanoTime() > deadline) {
        throw new StartException(
            "%s: not ready after %d s%s".formatted(name(), limit.toSeconds(), whyNotReady()));
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /// What it waits for while it is not ready: the end of a message, such as `, in state REBALANCING
  /// (expected: RUNNING; a large state takes longer)`; empty where there is nothing to add.
  default String whyNotReady() {
    return "";
  }

  /// Finishes what is under way, leaves its groups and releases everything. A second call does
  /// nothing.
  @Override
  void close();
}
