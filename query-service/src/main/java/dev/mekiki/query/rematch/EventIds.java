package dev.mekiki.query.rematch;

import java.util.Arrays;

/// Ids of events, by their first 64 bits: they are hashes. Of ten million ids one that is not there
/// is taken for one that is with a chance of one in 10^12. An id takes 11 to 22 bytes. For one
/// thread.
final class EventIds {
  private static final int DIGITS = 16;
  private static final int HEXADECIMAL = 16;
  private static final int FIRST_SLOTS = 1 << 10;
  private static final double MAX_LOAD = 0.75;

  /// Stands for an empty slot.
  private static final long NONE = 0;

  private final long maxBytes;
  private long[] slots = new long[FIRST_SLOTS];
  private int size;
  private boolean hasNone;

  /// @param maxBytes of heap that it may take
  EventIds(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /// Adds an id.
  ///
  /// @return whether it was not there
  /// @throws IllegalArgumentException where it is none: fewer than 16 hexadecimal digits
  /// @throws FullException where it does not fit
  boolean add(String id) throws FullException {
    long key = key(id);
    if (key == NONE) {
      boolean isNew = !hasNone;
      hasNone = true;
      return isNew;
    }
    if (size >= slots.length * MAX_LOAD) {
      grow();
    }
    int slot = slot(slots, key);
    if (slots[slot] == key) {
      return false;
    }
    slots[slot] = key;
    size++;
    return true;
  }

  /// Whether an id is there.
  ///
  /// @throws IllegalArgumentException where it is none
  boolean contains(String id) {
    long key = key(id);
    return key == NONE ? hasNone : slots[slot(slots, key)] == key;
  }

  int size() {
    return size + (hasNone ? 1 : 0);
  }

  private static long key(String id) {
    if (id.length() < DIGITS) {
      throw new IllegalArgumentException(
          "event id: %d characters (expected: at least %d hexadecimal digits)"
              .formatted(id.length(), DIGITS));
    }
    return Long.parseUnsignedLong(id, 0, DIGITS, HEXADECIMAL);
  }

  private static int slot(long[] slots, long key) {
    int mask = slots.length - 1;
    int slot = (int) key & mask;
    while (slots[slot] != NONE && slots[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() throws FullException {
    // While it grows both are there.
    if (3L * slots.length * Long.BYTES > maxBytes || slots.length > Integer.MAX_VALUE / 2) {
      throw new FullException(size());
    }
    long[] larger = new long[2 * slots.length];
    Arrays.stream(slots).filter(key -> key != NONE).forEach(key -> larger[slot(larger, key)] = key);
    slots = larger;
  }

  /// There are more ids than the heap has room for.
  static final class FullException extends Exception {
    private static final long serialVersionUID = 1;

    FullException(int size) {
      super(
          "more than %,d events were reported, whose ids do not fit into a quarter of the heap (expected: query services with a larger -Xmx: 100 bytes for each event)"
              .formatted(size));
    }
  }
}
