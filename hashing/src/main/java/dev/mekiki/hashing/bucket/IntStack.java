package dev.mekiki.hashing.bucket;

import java.util.Arrays;

/// A stack of ints, for free lists.
final class IntStack {
  private int[] values = new int[0];
  private int size;

  void push(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, Math.max(8, size + size / 2));
    }
    values[size++] = value;
  }

  int pop() {
    return values[--size];
  }

  boolean isEmpty() {
    return size == 0;
  }

  long bytes() {
    return (long) values.length * Integer.BYTES;
  }
}
