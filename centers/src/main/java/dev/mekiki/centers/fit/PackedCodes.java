package dev.mekiki.centers.fit;

import dev.mekiki.hashing.code.HashCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Codes of one length in rows of longs, changed in place. One owner thread.
final class PackedCodes {
  final int bits;
  final int count;
  final int words;
  private final long[] rows;

  PackedCodes(int bits, int count) {
    this.bits = bits;
    this.count = count;
    words = HashCode.wordCount(bits);
    rows = new long[count * words];
  }

  static PackedCodes of(int bits, Collection<HashCode> codes) {
    PackedCodes packed = new PackedCodes(bits, codes.size());
    int row = 0;
    for (HashCode code : codes) {
      packed.set(row++, code.words());
    }
    return packed;
  }

  PackedCodes copy() {
    PackedCodes copy = new PackedCodes(bits, count);
    System.arraycopy(rows, 0, copy.rows, 0, rows.length);
    return copy;
  }

  void set(int row, long[] code) {
    System.arraycopy(code, 0, rows, row * words, words);
  }

  long[] get(int row) {
    long[] code = new long[words];
    System.arraycopy(rows, row * words, code, 0, words);
    return code;
  }

  boolean bit(int row, int bit) {
    return bit(rows, row * words, bit);
  }

  static boolean bit(long[] code, int bit) {
    return bit(code, 0, bit);
  }

  private static boolean bit(long[] from, int at, int bit) {
    return (from[at + bit / Long.SIZE] >>> bit & 1) != 0;
  }

  int distance(int row, long[] code) {
    int distance = 0;
    for (int word = 0; word < words; word++) {
      distance += Long.bitCount(rows[row * words + word] ^ code[word]);
    }
    return distance;
  }

  int distance(int row, PackedCodes others, int other) {
    int distance = 0;
    for (int word = 0; word < words; word++) {
      distance += Long.bitCount(rows[row * words + word] ^ others.rows[other * words + word]);
    }
    return distance;
  }

  /// The smallest distance of two of them: q + 1 if there is only one.
  int smallestDistance() {
    int smallest = bits + 1;
    for (int i = 1; i < count; i++) {
      for (int j = 0; j < i; j++) {
        smallest = Math.min(smallest, distance(i, this, j));
      }
    }
    return smallest;
  }

  List<HashCode> toHashCodes() {
    List<HashCode> codes = new ArrayList<>(count);
    for (int row = 0; row < count; row++) {
      codes.add(HashCode.of(bits, get(row)));
    }
    return codes;
  }
}
