package dev.mekiki.benchmarks.match;

import java.util.Arrays;

/// The pairs reported, in the order of the arrivals that reported them.
final class ReportedPairs {
  private long[] pairs = new long[1024];
  private int size;
  private final int[] starts;

  ReportedPairs(int arrivals) {
    starts = new int[arrivals + 1];
  }

  /// Starts the pairs of this arrival.
  void begin(int arrival) {
    starts[arrival] = size;
  }

  /// @param later number of the image that arrived
  /// @param earlier number of the image that was there
  void add(int later, int earlier) {
    if (size == pairs.length) {
      pairs = Arrays.copyOf(pairs, 2 * size);
    }
    pairs[size++] = (long) later << Integer.SIZE | earlier;
  }

  void end() {
    starts[starts.length - 1] = size;
  }

  int count() {
    return size;
  }

  /// Numbers of the images that an arrival was reported to match, ascending.
  int[] partners(int arrival) {
    return Arrays.stream(pairs, starts[arrival], starts[arrival + 1])
        .mapToInt(pair -> (int) pair)
        .sorted()
        .toArray();
  }

  /// Events beyond the first of their pair.
  long duplicates() {
    long[] sorted = Arrays.copyOf(pairs, size);
    Arrays.sort(sorted);
    long duplicates = 0;
    for (int i = 1; i < size; i++) {
      duplicates += sorted[i] == sorted[i - 1] ? 1 : 0;
    }
    return duplicates;
  }
}
