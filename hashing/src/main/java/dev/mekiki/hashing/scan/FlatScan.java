package dev.mekiki.hashing.scan;

import java.util.List;

/// Exact search of a packed array of codes: n rows, structure of arrays (word w of code i at
/// `codes[w * n + i]`). Immutable while the array is not written.
public final class FlatScan {
  private final long[] codes;
  private final int n;
  private final int words;
  private final int bits;

  /// The nearest codes of a query.
  ///
  /// @param positions their positions, by rising distance, ties by position
  /// @param distances their distances
  @SuppressWarnings("ArrayRecordComponent")
  public record Nearest(int[] positions, int[] distances) {}

  public FlatScan(long[] codes, int n, int bits) {
    this.codes = codes;
    this.n = n;
    this.bits = bits;
    this.words = (bits + Long.SIZE - 1) / Long.SIZE;
  }

  /// The k nearest.
  public Nearest nearest(long[] query, int k) {
    int size = Math.min(k, n);
    int[] positions = new int[size];
    int[] distances = new int[size];
    int filled = 0;
    int limit = bits + 1;
    for (int i = 0; i < n; i++) {
      int distance = 0;
      for (int word = 0; word < words; word++) {
        distance += Long.bitCount(codes[word * n + i] ^ query[word]);
      }
      if (distance >= limit) {
        continue;
      }
      int at = filled < size ? filled++ : size - 1;
      while (at > 0 && distances[at - 1] > distance) {
        distances[at] = distances[at - 1];
        positions[at] = positions[at - 1];
        at--;
      }
      distances[at] = distance;
      positions[at] = i;
      if (filled == size) {
        limit = distances[size - 1];
      }
    }
    return new Nearest(positions, distances);
  }

  /// The k nearest of each query.
  public List<Nearest> nearest(List<long[]> queries, int k) {
    return queries.stream().map(query -> nearest(query, k)).toList();
  }

  /// The sum over the array.
  public long sum() {
    long sum = 0;
    for (long word : codes) {
      sum += word;
    }
    return sum;
  }
}
