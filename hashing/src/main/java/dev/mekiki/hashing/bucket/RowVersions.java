package dev.mekiki.hashing.bucket;

import java.util.Arrays;

/// The versions of rows that were born or died a moment ago: an entry each, while a reader may be
/// in a version that does not see the row as the latest version does. One thread writes, readers
/// read.
final class RowVersions {
  static final long NEVER = Long.MAX_VALUE;
  private static final int FIRST_CAPACITY = 64;

  /// Birth and death of entry e at 2e and 2e + 1.
  private volatile long[] versions = new long[2 * FIRST_CAPACITY];

  /// For the writer: the code of an entry's row, its complement once the row waits to be swept.
  private int[] codes = new int[FIRST_CAPACITY];

  private int size;
  private final IntStack free = new IntStack();

  int add(int code, long birth, long death) {
    int entry = free.isEmpty() ? size++ : free.pop();
    if (entry == codes.length) {
      codes = Arrays.copyOf(codes, 2 * entry);
      versions = Arrays.copyOf(versions, 4 * entry);
    }
    codes[entry] = code;
    versions[2 * entry] = birth;
    versions[2 * entry + 1] = death;
    return entry;
  }

  void free(int entry) {
    free.push(entry);
  }

  void setDeath(int entry, long version) {
    versions[2 * entry + 1] = version;
  }

  boolean isAlive(int entry) {
    return versions[2 * entry + 1] == NEVER;
  }

  /// For readers.
  boolean isVisible(int entry, long version) {
    long[] table = versions;
    return table[2 * entry] <= version && version < table[2 * entry + 1];
  }

  int code(int entry) {
    int code = codes[entry];
    return code < 0 ? ~code : code;
  }

  void markForSweep(int entry) {
    codes[entry] = ~codes[entry];
  }

  boolean isMarkedForSweep(int entry) {
    return codes[entry] < 0;
  }

  long bytes() {
    return (long) versions.length * Long.BYTES + (long) codes.length * Integer.BYTES;
  }
}
