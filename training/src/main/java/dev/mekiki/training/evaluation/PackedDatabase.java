package dev.mekiki.training.evaluation;

import dev.mekiki.hashing.code.HashCode;
import java.util.List;

/// The codes of a database side by side, to compare one with all of them. Immutable, thread-safe.
public final class PackedDatabase {
  private final int size;
  private final int bits;
  private final int wordCount;
  private final long[] words;

  /// @param codes at least one, all of the same number of bits
  public PackedDatabase(List<HashCode> codes) {
    this.size = codes.size();
    this.bits = codes.getFirst().bits();
    this.wordCount = HashCode.wordCount(bits);
    this.words = new long[size * wordCount];
    for (int i = 0; i < size; i++) {
      for (int word = 0; word < wordCount; word++) {
        words[i * wordCount + word] = codes.get(i).word(word);
      }
    }
  }

  /// q of every code.
  public int bits() {
    return bits;
  }

  /// The distance of each code from the query, in the order of the database.
  public short[] distances(HashCode query) {
    short[] distances = new short[size];
    if (wordCount == 1) {
      long word = query.word(0);
      for (int i = 0; i < size; i++) {
        distances[i] = (short) Long.bitCount(words[i] ^ word);
      }
      return distances;
    }
    long[] queryWords = query.words();
    for (int i = 0; i < size; i++) {
      int distance = 0;
      for (int word = 0; word < wordCount; word++) {
        distance += Long.bitCount(words[i * wordCount + word] ^ queryWords[word]);
      }
      distances[i] = (short) distance;
    }
    return distances;
  }
}
