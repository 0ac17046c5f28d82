package dev.mekiki.hashing.bucket;

import java.util.Arrays;

/// A list of ints that is filled, read and emptied again and again.
final class IntList {
  private int[] values = new int[16];
  private int size;

  void clear() {
    size = 0;
  }

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  int get(int i) {
    return values[i];
  }

  void set(int i, int value) {
    values[i] = value;
  }

  int size() {
    return size;
  }

  void keepFirst(int count) {
    size = count;
  }

  void dropFirst(int count) {
    System.arraycopy(values, count, values, 0, size - count);
    size -= count;
  }

  long bytes() {
    return (long) values.length * Integer.BYTES;
  }

  /// Sorts and keeps each value once.
  void sortDistinct() {
    if (size < 2) {
      return;
    }
    Arrays.sort(values, 0, size);
    int kept = 1;
    for (int i = 1; i < size; i++) {
      if (values[i] != values[kept - 1]) {
        values[kept++] = values[i];
      }
    }
    size = kept;
  }
}
