package dev.mekiki.hashing.bucket;

import java.util.Arrays;

/// Shells about to be scanned, with the centers of their buckets. For one thread.
final class PlannedShells {
  private Shell[] shells = new Shell[64];
  private int[] centers = new int[64];
  private int size;

  /// Keeps the compiler from removing the reads of {@link #prefetch}.
  @SuppressWarnings("UnusedVariable")
  private int sink;

  void clear() {
    size = 0;
  }

  void add(Shell shell, int center) {
    if (size == shells.length) {
      shells = Arrays.copyOf(shells, 2 * size);
      centers = Arrays.copyOf(centers, 2 * size);
    }
    shells[size] = shell;
    centers[size++] = center;
  }

  int size() {
    return size;
  }

  Shell shell(int i) {
    return shells[i];
  }

  int center(int i) {
    return centers[i];
  }

  /// Reads what leads to the codes of some shells. Each scan alone would wait for memory several
  /// times before it began; here these waits overlap.
  void prefetch(int from, int to) {
    for (int i = from; i < to; i++) {
      sink += shells[i].chunks.length;
    }
    for (int i = from; i < to; i++) {
      for (Shell.Chunk chunk : shells[i].chunks) {
        sink += chunk.columns.codes.length;
      }
    }
  }
}
