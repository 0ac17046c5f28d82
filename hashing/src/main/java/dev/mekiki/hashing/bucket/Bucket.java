package dev.mekiki.hashing.bucket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// All images of one partition with one nearest center, either those homed there or boundary
/// replicas: their codes by shell. One thread writes.
final class Bucket {
  private static final VarHandle SHELL = MethodHandles.arrayElementVarHandle(Shell[].class);

  /// True for images homed in the partition, false for boundary replicas.
  final boolean home;

  private final @Nullable Shell[] shells;

  /// No shell outside these holds a code.
  volatile int nearestShell = Integer.MAX_VALUE;

  volatile int farthestShell = -1;

  /// For the writer: rows that have not died.
  int liveRows;

  /// @param bits q: shells are 0 to q
  Bucket(boolean home, int bits) {
    this.home = home;
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

  long bytes() {
    long bytes = (long) shells.length * Integer.BYTES + OVERHEAD_BYTES;
    for (Shell shell : shells) {
      bytes += shell == null ? 0 : shell.bytes();
    }
    return bytes;
  }

  private static final int OVERHEAD_BYTES = 96;
}
