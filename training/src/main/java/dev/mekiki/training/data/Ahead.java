package dev.mekiki.training.data;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntFunction;

/// Makes things in their order, some of them before they are asked for, on other threads: a GPU is
/// faster than one thread makes its batches.
///
/// What is made must follow from its number alone, for several are made beside each other. Not
/// thread-safe itself.
public final class Ahead<T> {
  /// Batches of large pictures take tens of megabytes each.
  private static final int MOST = 4;

  private final int size;
  private final IntFunction<T> make;
  private final Deque<CompletableFuture<T>> made = new ArrayDeque<>(MOST);
  private int begun;

  /// @param size how many there are
  /// @param make makes one by its number, from 0
  public Ahead(int size, IntFunction<T> make) {
    this.size = size;
    this.make = make;
    while (begun < Math.min(size, MOST)) {
      begin();
    }
  }

  private void begin() {
    int number = begun++;
    made.add(CompletableFuture.supplyAsync(() -> make.apply(number)));
  }

  /// The next one; what went wrong in making it is thrown here.
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
