package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.lists.IntList;
import dev.mekiki.hashing.lists.KeyTable;
import dev.mekiki.hashing.scan.HammingKernel;

/// Reads sections of the lists of all tables of {@link FingerprintLists} side by side: their waits
/// for memory overlap. For one thread.
final class FingerprintReader {
  /// Ints of a cache line, and of the largest vector.
  private static final int LINE = 16;

  private static final int MAX_RUNS = FingerprintLists.MAX_LISTS_READ * (1 + KeyTable.SECTION_BITS);

  private final HammingKernel kernel = HammingKernel.chosen();
  private int[] positions = {};

  // Lists.
  private final int[][] lists = new int[FingerprintLists.MAX_LISTS_READ][];
  private final int[] sections = new int[lists.length];
  private final int[] soughts = new int[lists.length];
  private final int[] numberBits = new int[lists.length];
  private final int[] limits = new int[lists.length];
  private final int[] nextLimits = new int[lists.length];
  private int listCount;

  // Sections of lists.
  private final int[] runLists = new int[MAX_RUNS];
  private final int[] starts = new int[MAX_RUNS];
  private final int[] ends = new int[MAX_RUNS];

  /// Bits in which the section differs from the one that is sought.
  private final int[] flips = new int[MAX_RUNS];

  private int runCount;

  /// Keeps the compiler from removing reads that only fill the cache.
  @SuppressWarnings("UnusedVariable")
  private int sink;

  /// Begins a search: no lists.
  void clear() {
    listCount = 0;
    runCount = 0;
  }

  /// Adds a list.
  ///
  /// @param section the one of the window that is sought
  /// @param sought what its entries would be without the number
  /// @param bits of numbers in the entries
  /// @param limit largest number of bits in which section and entry may differ, inclusive
  /// @param nextLimit largest number of bits of the next slot in which they may
  void addList(int[] list, int section, int sought, int bits, int limit, int nextLimit) {
    lists[listCount] = list;
    sections[listCount] = section;
    soughts[listCount] = sought;
    numberBits[listCount] = bits;
    limits[listCount] = limit;
    nextLimits[listCount++] = nextLimit;
  }

  /// Reads where the sections of all lists are, and the first lines of those that matter.
  void prepare() {
    int touched = 0;
    for (int i = 0; i < listCount; i++) {
      touched += lists[i][0];
    }
    for (int i = 0; i < listCount; i++) {
      int[] list = lists[i];
      touched += addRun(i, list, sections[i], 0);
      if (nextLimits[i] > 0) {
        for (int bit = 1; bit < KeyTable.SECTIONS; bit <<= 1) {
          touched += addRun(i, list, sections[i] ^ bit, 1);
        }
      }
    }
    sink = touched;
  }

  private int addRun(int number, int[] list, int section, int flipped) {
    int start = KeyTable.start(list, section);
    int end = list[section];
    if (start == end) {
      return 0;
    }
    runLists[runCount] = number;
    starts[runCount] = start;
    ends[runCount] = end;
    flips[runCount++] = flipped;
    return list[start] + list[Math.min(start + LINE, end)] + list[end - 1];
  }

  /// Number of runs.
  int size() {
    return runCount;
  }

  /// Reads a run and notes the numbers of rows that may be within the radius.
  void read(int run, IntList numbers) {
    int number = runLists[run];
    int[] list = lists[number];
    int start = starts[run];
    int end = ends[run];
    int size = (end - start + LINE - 1) & -LINE;
    if (size > positions.length) {
      positions = new int[size + size / 8];
    }
    int sought = soughts[number];
    int numbersOnly = (1 << numberBits[number]) - 1;
    int limit = limits[number] - flips[run];
    int nextLimit = nextLimits[number] - flips[run];
    // Whole vectors: what is behind the section is compared, too.
    int hits = kernel.intsWithin(list, start, start + size, sought, ~numbersOnly, limit, positions);
    for (int i = 0; i < hits; i++) {
      int entry = list[positions[i]];
      if (positions[i] < end
          && Integer.bitCount(FingerprintLists.nextSlot((entry ^ sought) & ~numbersOnly))
              <= nextLimit) {
        numbers.add(entry & numbersOnly);
      }
    }
  }
}
