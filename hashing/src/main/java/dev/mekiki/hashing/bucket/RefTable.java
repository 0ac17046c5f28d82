package dev.mekiki.hashing.bucket;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A hash table of references, whose keys lie elsewhere: 4 bytes a slot, open addressing with
/// linear probing. It is cut in segments that grow by themselves, so that no insertion moves more
/// than a thousandth of it. For one thread.
///
/// A reference is any int but 0.
abstract class RefTable {
  private static final int SEGMENT_BITS = 10;
  private static final int SEGMENTS = 1 << SEGMENT_BITS;

  private final int[] @Nullable [] segments = new int[SEGMENTS][];
  private final int[] sizes = new int[SEGMENTS];

  /// The hash of a reference's key; all 64 bits count.
  abstract long hash(int ref);

  /// True where a reference's key is the one that is looked for now.
  abstract boolean isSought(int ref);

  /// The reference of the key that {@link #isSought} knows, 0 where there is none.
  ///
  /// @param hash of that key
  final int find(long hash) {
    int @Nullable [] slots = segments[segment(hash)];
    if (slots == null) {
      return 0;
    }
    for (int at = home(hash, slots.length); ; at = at + 1 == slots.length ? 0 : at + 1) {
      int ref = slots[at];
      if (ref == 0 || isSought(ref)) {
        return ref;
      }
    }
  }

  /// Adds a reference whose key is not in the table.
  final void add(long hash, int ref) {
    int segment = segment(hash);
    int @Nullable [] slots = segments[segment];
    // At most four fifths full, after growth by a quarter at least two thirds.
    if (slots == null || 5L * (sizes[segment] + 1) > 4L * slots.length) {
      slots = grown(slots);
      segments[segment] = slots;
    }
    insert(slots, hash, ref);
    sizes[segment]++;
  }

  /// Puts a reference of the same key in the place of one that is in the table.
  final void replace(long hash, int ref, int by) {
    int[] slots = Objects.requireNonNull(segments[segment(hash)]);
    slots[slot(slots, hash, ref)] = by;
  }

  private static int slot(int[] slots, long hash, int ref) {
    int at = home(hash, slots.length);
    while (slots[at] != ref) {
      at = at + 1 == slots.length ? 0 : at + 1;
    }
    return at;
  }

  /// Removes a reference that is in the table.
  final void remove(long hash, int ref) {
    int segment = segment(hash);
    int[] slots = Objects.requireNonNull(segments[segment]);
    int hole = slot(slots, hash, ref);
    sizes[segment]--;
    // Whatever was pushed past the hole moves back, so that no search ends early.
    for (int at = hole; ; ) {
      at = at + 1 == slots.length ? 0 : at + 1;
      int other = slots[at];
      if (other == 0) {
        slots[hole] = 0;
        return;
      }
      int home = home(hash(other), slots.length);
      boolean reachesHole = hole < at ? home <= hole || home > at : home <= hole && home > at;
      if (reachesHole) {
        slots[hole] = other;
        hole = at;
      }
    }
  }

  private int[] grown(int @Nullable [] slots) {
    if (slots == null) {
      return new int[4];
    }
    int[] more = new int[slots.length + Math.max(4, slots.length / 4)];
    for (int ref : slots) {
      if (ref != 0) {
        insert(more, hash(ref), ref);
      }
    }
    return more;
  }

  private static void insert(int[] slots, long hash, int ref) {
    int at = home(hash, slots.length);
    while (slots[at] != 0) {
      at = at + 1 == slots.length ? 0 : at + 1;
    }
    slots[at] = ref;
  }

  private static int segment(long hash) {
    return (int) (hash >>> (Long.SIZE - SEGMENT_BITS));
  }

  private static int home(long hash, int slots) {
    return (int) (((hash & 0xFFFF_FFFFL) * slots) >>> Integer.SIZE);
  }

  final long bytes() {
    long bytes = (long) SEGMENTS * 2 * Integer.BYTES;
    for (int @Nullable [] slots : segments) {
      bytes += slots == null ? 0 : 16 + (long) slots.length * Integer.BYTES;
    }
    return bytes;
  }
}
