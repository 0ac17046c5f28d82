package dev.mekiki.hashing.policy;

import dev.mekiki.hashing.match.Sha256;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The pairs that somebody has dismissed: an open-addressing table of 16 bytes a slot, at most 3 of
/// 4 full. A million pairs take 32 MiB, and half as much again while the table grows.
///
/// One thread at a time changes it, any number may ask meanwhile and see each change once it was
/// made. A reader that meets a slot while another pair is written to it reads halves of two keys;
/// that they make the key it looks for is as unlikely as two pairs having one key.
public final class DismissedPairs {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final long FREE = 0;
  private static final long REMOVED = 1;
  private static final int MIN_CAPACITY = 16;

  /// Most pairs.
  public static final int MAX_SIZE = 10_000_000;

  /// Two longs a slot: the low half of the key, or a mark, and the high half. As many slots as a
  /// power of two.
  private volatile long[] slots = new long[2 * MIN_CAPACITY];

  private volatile int size;
  private int pairs;

  /// Slots that are not free: pairs, and those that were removed.
  private int taken;

  /// Number of pairs.
  public int size() {
    return size;
  }

  /// Bytes that the table takes.
  public long bytes() {
    return (long) slots.length * Long.BYTES;
  }

  /// Whether a pair is among them.
  ///
  /// @param tenant whose pair it is
  public boolean contains(String tenant, Sha256 a, Sha256 b) {
    if (size == 0) {
      return false;
    }
    return find(slots, PairKey.of(tenant, a, b)) >= 0;
  }

  /// Adds a pair.
  ///
  /// @return false where it was there
  /// @throws IllegalStateException where there are {@link #MAX_SIZE}
  public boolean add(PairKey key) {
    if (find(slots, key) >= 0) {
      return false;
    }
    if (pairs >= MAX_SIZE) {
      throw new IllegalStateException(
          "dismissed pairs: more than %d (expected: at most that many)".formatted(MAX_SIZE));
    }
    if (taken >= capacity() / 4 * 3) {
      rebuild();
    }
    long[] table = slots;
    int mask = table.length / 2 - 1;
    int slot = (int) key.low() & mask;
    while (table[2 * slot] != FREE && table[2 * slot] != REMOVED) {
      slot = (slot + 1) & mask;
    }
    if (table[2 * slot] == FREE) {
      taken++;
    }
    put(table, slot, key);
    size = ++pairs;
    return true;
  }

  /// Removes a pair.
  ///
  /// @return false where it was not there
  public boolean remove(PairKey key) {
    int slot = find(slots, key);
    if (slot < 0) {
      return false;
    }
    SLOT.setRelease(slots, 2 * slot, REMOVED);
    size = --pairs;
    return true;
  }

  private int capacity() {
    return slots.length / 2;
  }

  /// The slot of a key, or -1.
  private static int find(long[] table, PairKey key) {
    int mask = table.length / 2 - 1;
    for (int slot = (int) key.low() & mask; ; slot = (slot + 1) & mask) {
      long low = (long) SLOT.getAcquire(table, 2 * slot);
      if (low == key.low() && (long) SLOT.getAcquire(table, 2 * slot + 1) == key.high()) {
        return slot;
      }
      if (low == FREE) {
        return -1;
      }
    }
  }

  private static void put(long[] table, int slot, PairKey key) {
    SLOT.setRelease(table, 2 * slot + 1, key.high());
    SLOT.setRelease(table, 2 * slot, key.low());
  }

  /// Copies the pairs to a table of the size that suits them, at most 3 of 8 full; readers of the
  /// former one go on there.
  private void rebuild() {
    int capacity = MIN_CAPACITY;
    while (pairs > capacity / 8 * 3) {
      capacity *= 2;
    }
    long[] from = slots;
    long[] to = new long[2 * capacity];
    int mask = capacity - 1;
    for (int i = 0; i < from.length; i += 2) {
      if (from[i] != FREE && from[i] != REMOVED) {
        int slot = (int) from[i] & mask;
        while (to[2 * slot] != FREE) {
          slot = (slot + 1) & mask;
        }
        to[2 * slot] = from[i];
        to[2 * slot + 1] = from[i + 1];
      }
    }
    taken = pairs;
    slots = to;
  }
}
