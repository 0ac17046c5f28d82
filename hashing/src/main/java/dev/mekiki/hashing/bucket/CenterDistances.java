package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;

/// The centers packed, for their distances to a code. Immutable.
final class CenterDistances {
  private final int count;
  private final int words;
  private final long[] centers;

  CenterDistances(CenterTable table) {
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
  int[] of(HashCode code) {
    int[] distances = new int[count];
    for (int word = 0; word < words; word++) {
      long of = code.word(word);
      int at = word * count;
      for (int center = 0; center < count; center++) {
        distances[center] += Long.bitCount(centers[at + center] ^ of);
      }
    }
    return distances;
  }
}
