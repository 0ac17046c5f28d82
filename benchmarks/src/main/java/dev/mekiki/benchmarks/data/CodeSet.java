package dev.mekiki.benchmarks.data;

import dev.mekiki.hashing.code.HashCode;

/// Codes packed for a flat scan: word w of code i at `array()[w * size + i]`.
public final class CodeSet {
  private final int bits;
  private final int size;
  private final int wordCount;
  private final long[] array;

  CodeSet(int bits, int size) {
    this.bits = bits;
    this.size = size;
    this.wordCount = HashCode.wordCount(bits);
    this.array = new long[Math.multiplyExact(size, wordCount)];
  }

  public int bits() {
    return bits;
  }

  public int size() {
    return size;
  }

  /// The array itself, not a copy.
  public long[] array() {
    return array;
  }

  /// The words of one code.
  public long[] words(int position) {
    long[] words = new long[wordCount];
    for (int word = 0; word < wordCount; word++) {
      words[word] = array[word * size + position];
    }
    return words;
  }

  public HashCode code(int position) {
    return HashCode.of(bits, words(position));
  }

  /// Hamming distance, computed in the simplest way, to check faster ones.
  public int distance(int position, long[] query) {
    int distance = 0;
    for (int word = 0; word < wordCount; word++) {
      distance += Long.bitCount(array[word * size + position] ^ query[word]);
    }
    return distance;
  }

  void set(int position, long[] words) {
    for (int word = 0; word < wordCount; word++) {
      array[word * size + position] = words[word];
    }
  }
}
