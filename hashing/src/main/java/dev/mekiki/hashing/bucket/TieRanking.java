package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.Arrays;

/// Ranks rows of one code distance: keeps the best by fingerprint distance and image id, in a heap
/// with the worst on top. For one thread.
final class TieRanking {
  /// Rows whose ids are read together.
  private static final int BATCH = 64;

  private final IdArena ids;
  private final int k;
  private int[] ranks = new int[16];
  private int[] refs = new int[16];
  private int size;
  private final int[] waitingRanks = new int[BATCH];
  private final int[] waitingRefs = new int[BATCH];
  private int waiting;

  /// Keeps the compiler from removing reads that only fill the cache.
  @SuppressWarnings("UnusedVariable")
  private int sink;

  /// @param k most rows kept
  TieRanking(IdArena ids, int k) {
    this.ids = ids;
    this.k = k;
  }

  /// Adds a row; it counts after the next {@link #flush}.
  void add(int rank, int id) {
    waitingRanks[waiting] = rank;
    waitingRefs[waiting++] = id;
    if (waiting == waitingRefs.length) {
      flush();
    }
  }

  void flush() {
    // Ids lie anywhere in memory. With all read first, and nothing between that depends on what is
    // read, the waits for memory overlap.
    for (int i = 0; i < waiting; i++) {
      sink += ids.touch(waitingRefs[i]);
    }
    for (int i = 0; i < waiting; i++) {
      offer(waitingRanks[i], waitingRefs[i]);
    }
    waiting = 0;
  }

  /// The largest fingerprint distance that may still be among the best.
  int limit() {
    return size < k ? Fingerprint.BITS : ranks[0];
  }

  private void offer(int rank, int id) {
    if (size < k) {
      if (size == ranks.length) {
        ranks = Arrays.copyOf(ranks, 2 * size);
        refs = Arrays.copyOf(refs, 2 * size);
      }
      rise(size++, rank, id);
    } else if (worse(ranks[0], refs[0], rank, id)) {
      sink(rank, id);
    }
  }

  private boolean worse(int rankA, int idA, int rankB, int idB) {
    return rankA != rankB ? rankA > rankB : ids.compare(idA, idB) > 0;
  }

  private void rise(int from, int rank, int id) {
    int at = from;
    while (at > 0) {
      int parent = (at - 1) / 2;
      if (!worse(rank, id, ranks[parent], refs[parent])) {
        break;
      }
      ranks[at] = ranks[parent];
      refs[at] = refs[parent];
      at = parent;
    }
    ranks[at] = rank;
    refs[at] = id;
  }

  private void sink(int rank, int id) {
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && worse(ranks[child + 1], refs[child + 1], ranks[child], refs[child])) {
        child++;
      }
      if (!worse(ranks[child], refs[child], rank, id)) {
        break;
      }
      ranks[at] = ranks[child];
      refs[at] = refs[child];
      at = child;
    }
    ranks[at] = rank;
    refs[at] = id;
  }

  void forEach(Action action) {
    for (int i = 0; i < size; i++) {
      action.accept(ranks[i], refs[i]);
    }
  }

  /// Takes a row of the ranking.
  interface Action {
    void accept(int rank, int id);
  }
}
