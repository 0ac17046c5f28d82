package dev.mekiki.hashing.bucket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// All images of one partition with one nearest center: their codes by shell, and their rows in
/// chunks of their own. One thread writes.
final class Bucket {
  private static final VarHandle SHELL = MethodHandles.arrayElementVarHandle(Shell[].class);

  private final @Nullable Shell[] shells;

  /// No shell outside these holds a code.
  volatile int nearestShell = Integer.MAX_VALUE;

  volatile int farthestShell = -1;

  /// For the writer: the chunks of rows, by ordinal.
  Rows.Chunk[] rowChunks = {};

  private final IntStack freeRows = new IntStack();

  /// Rows that have not died.
  final AtomicInteger liveRows = new AtomicInteger();

  /// @param bits q: shells are 0 to q
  Bucket(int bits) {
    shells = new Shell[bits + 1];
  }

  /// The shell at a distance, null if it never held a code.
  @Nullable Shell shell(int distance) {
    return (Shell) SHELL.getAcquire(shells, distance);
  }

  /// The shell at a distance, created if there is none.
  Shell shell(int distance, int words) {
    Shell shell = shells[distance];
    if (shell == null) {
      shell = new Shell(this, distance, words);
      SHELL.setRelease(shells, distance, shell);
      nearestShell = Math.min(nearestShell, distance);
      farthestShell = Math.max(farthestShell, distance);
    }
    return shell;
  }

  /// A place for one more row.
  int placeRow(Rows rows) {
    if (!freeRows.isEmpty()) {
      return freeRows.pop();
    }
    Rows.Chunk last = rowChunks.length == 0 ? null : rowChunks[rowChunks.length - 1];
    if (last == null || Rows.isFull(last)) {
      last = rows.addChunk(this, rowChunks.length);
      rowChunks = Arrays.copyOf(rowChunks, rowChunks.length + 1);
      rowChunks[last.ordinal] = last;
    }
    return rows.append(last);
  }

  /// Rows used at any time.
  int usedRows() {
    int chunks = rowChunks.length;
    return chunks == 0 ? 0 : (chunks - 1) * Rows.CHUNK_ROWS + rowChunks[chunks - 1].used;
  }

  /// Frees the place of a row that no reader holds and that is in no list of the fingerprint index.
  void freeRow(int row) {
    freeRows.push(row);
  }

  long bytes() {
    long bytes = (long) shells.length * Integer.BYTES + freeRows.bytes() + OVERHEAD_BYTES;
    for (Shell shell : shells) {
      bytes += shell == null ? 0 : shell.bytes();
    }
    return bytes;
  }

  private static final int OVERHEAD_BYTES = 96;
}
