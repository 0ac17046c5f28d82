package dev.mekiki.hashing.center;

import dev.mekiki.hashing.code.HashCode;

/// The centers packed, for their distances to a code. Immutable.
public final class CenterDistances {
  private final int count;
  private final int words;
  private final long[] centers;

  public CenterDistances(CenterTable table) {
    count = table.size();
    words = HashCode.wordCount(table.bits());
    centers = new long[count * words];
    for (int center = 0; center < count; center++) {
      for (int word = 0; word < words; word++) {
        centers[word * count + center] = table.center(center).word(word);
      }
    }
  }

  /// Hamming distance of a code to each center, by center id.
  public int[] of(HashCode code) {
    int[] distances = new int[count];
    for (int word = 0; word < words; word++) {
      add(code.word(word), word * count, distances);
    }
    return distances;
  }

  private void add(long word, int at, int[] distances) {
    long[] packed = centers;
    for (int center = 0; center < distances.length; center++) {
      distances[center] += Long.bitCount(packed[at + center] ^ word);
    }
  }
}
