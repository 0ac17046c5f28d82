package dev.mekiki.index.partition;

import dev.mekiki.hashing.bucket.PartitionIndex;
import dev.mekiki.hashing.bucket.PartitionQuery;
import dev.mekiki.hashing.bucket.SearchResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Lets searches that would otherwise compete for the cores share their scans: while as many are
/// under way as there are cores, later ones wait, and the next core that is free takes all that
/// wait for the same partition in one {@link PartitionIndex#search(List)}. With a core free a
/// search begins at once.
///
/// There are no threads of its own: a search runs on the thread of one of those that wait for it.
/// Thread-safe.
final class SearchCombiner {
  /// Most searches of one scan: beyond, sharing gains little, and all wait for the slowest.
  static final int MAX_BATCH = 64;

  /// How often a search that waits looks whether its time is up.
  private static final long EXPIRY_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final SearchResult EXPIRED = new SearchResult(List.of(), false, 0, 0, 0);

  private final int cores;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private int running;

  /// @param cores most searches under way at once, at least 1
  SearchCombiner(int cores) {
    this.cores = cores;
  }

  /// The answer of {@link PartitionIndex#search(PartitionQuery)}; an empty and incomplete one where
  /// the query expires before it begins.
  SearchResult search(PartitionIndex index, PartitionQuery query) {
    Waiting mine = new Waiting(index, query, lock.newCondition());
    lock.lock();
    try {
      if (running < cores) {
        running++;
        mine.batch = List.of(mine);
      } else {
        waiting.add(mine);
        awaitTurn(mine);
      }
    } finally {
      lock.unlock();
    }
    List<Waiting> batch = mine.batch;
    if (batch != null) {
      run(index, batch);
    }
    return mine.answer();
  }

  /// Returns with an answer, or with a batch to run, which this one is part of.
  private void awaitTurn(Waiting mine) {
    boolean interrupted = false;
    while (mine.batch == null && !mine.isAnswered()) {
      try {
        var _ = mine.turn.awaitNanos(EXPIRY_CHECK_NANOS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      // One that somebody runs already ends with that batch, whose own queries know the time.
      if (mine.batch == null
          && !mine.isAnswered()
          && (interrupted || mine.query.expired().getAsBoolean())
          && waiting.remove(mine)) {
        mine.result = EXPIRED;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(PartitionIndex index, List<Waiting> batch) {
    List<SearchResult> results = List.of();
    @Nullable Throwable failure = null;
    try {
      results =
          batch.size() == 1
              ? List.of(index.search(batch.getFirst().query))
              : index.search(batch.stream().map(one -> one.query).toList());
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    lock.lock();
    try {
      for (int i = 0; i < batch.size(); i++) {
        Waiting one = batch.get(i);
        if (failure == null) {
          one.result = results.get(i);
        } else {
          one.failure = failure;
        }
        one.turn.signal();
      }
      passOn();
    } finally {
      lock.unlock();
    }
  }

  /// Gives the core that has become free to the search that has waited longest, with all others of
  /// its partition.
  private void passOn() {
    Waiting first = waiting.poll();
    if (first == null) {
      running--;
      return;
    }
    List<Waiting> batch = new ArrayList<>();
    batch.add(first);
    Iterator<Waiting> others = waiting.iterator();
    while (others.hasNext() && batch.size() < MAX_BATCH) {
      Waiting other = others.next();
      if (other.index == first.index) {
        batch.add(other);
        others.remove();
      }
    }
    first.batch = batch;
    first.turn.signal();
  }

  /// A search on its way; its state is guarded by the lock until it is answered.
  private static final class Waiting {
    final PartitionIndex index;
    final PartitionQuery query;
    final Condition turn;
    @Nullable List<Waiting> batch;
    @Nullable SearchResult result;
    @Nullable Throwable failure;

    Waiting(PartitionIndex index, PartitionQuery query, Condition turn) {
      this.index = index;
      this.query = query;
      this.turn = turn;
    }

    boolean isAnswered() {
      return result != null || failure != null;
    }

    SearchResult answer() {
      switch (failure) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(failure);
      }
      SearchResult answer = result;
      if (answer == null) {
        throw new IllegalStateException("the search has no answer");
      }
      return answer;
    }
  }
}
