package dev.mekiki.encoder.reference;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Makes calls that nothing can interrupt, such as looking up a name or opening a file of a server
/// that is gone: on threads of its own, so that the caller's time limit holds all the same.
/// Thread-safe.
final class BlockingCalls implements AutoCloseable {
  private static final int IDLE_SECONDS = 10;

  private final ExecutorService threads;

  /// @param name of the threads
  /// @param atOnce most calls at once; others wait, which counts for their time limit
  BlockingCalls(String name, int atOnce) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            atOnce,
            atOnce,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("mekiki-reference-" + name + "-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
    threads = pool;
  }

  /// Makes a call.
  ///
  /// @throws ReferenceException as the call does, or where the attempt's time is over
  <T> T call(Callable<T> call, Attempt attempt)
      throws ReferenceException, MemoryNeededException, InterruptedException {
    Future<T> result = threads.submit(call);
    try {
      return result.get(attempt.left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw attempt.timedOut(e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case ReferenceException failure -> throw failure;
        case MemoryNeededException failure -> throw failure;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    } finally {
      // No more than a hint where it goes on.
      boolean _ = result.cancel(true);
    }
  }

  @Override
  public void close() {
    var _ = threads.shutdownNow();
  }
}
