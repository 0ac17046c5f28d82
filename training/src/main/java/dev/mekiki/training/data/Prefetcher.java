package dev.mekiki.training.data;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntFunction;

/// Computes values in order and ahead of time, on other threads: one thread prepares batches more
/// slowly than a GPU consumes them.
///
/// A value must depend on its number alone, because several are computed at the same time. The
/// prefetcher itself is not thread-safe.
public final class Prefetcher<T> {
  /// Batches of large pictures take tens of megabytes each.
  private static final int MAX_PENDING = 4;

  private final int size;
  private final IntFunction<T> make;
  private final Deque<CompletableFuture<T>> made = new ArrayDeque<>(MAX_PENDING);
  private int begun;

  /// @param size number of values
  /// @param make computes one by its number, from 0
  public Prefetcher(int size, IntFunction<T> make) {
    this.size = size;
    this.make = make;
    while (begun < Math.min(size, MAX_PENDING)) {
      begin();
    }
  }

  private void begin() {
    int number = begun++;
    made.add(CompletableFuture.supplyAsync(() -> make.apply(number)));
  }

  /// The next value; an exception thrown while it was computed is thrown here.
  ///
  /// @throws java.util.NoSuchElementException after the last
  public T next() {
    try {
      T next = made.remove().join();
      if (begun < size) {
        begin();
      }
      return next;
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
