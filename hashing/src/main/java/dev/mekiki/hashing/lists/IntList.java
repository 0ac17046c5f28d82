package dev.mekiki.hashing.lists;

import java.util.Arrays;

/// A list of ints that is filled, read and emptied again and again. For one thread.
public final class IntList {
  private int[] values = new int[16];
  private int size;

  public void clear() {
    size = 0;
  }

  public void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  public int get(int i) {
    return values[i];
  }

  public void set(int i, int value) {
    values[i] = value;
  }

  public int size() {
    return size;
  }

  /// Drops what follows the first values.
  public void keepFirst(int count) {
    size = count;
  }

  public void dropFirst(int count) {
    System.arraycopy(values, count, values, 0, size - count);
    size -= count;
  }

  /// Heap bytes.
  public long bytes() {
    return (long) values.length * Integer.BYTES;
  }

  /// Sorts and keeps each value once.
  public void sortDistinct() {
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
