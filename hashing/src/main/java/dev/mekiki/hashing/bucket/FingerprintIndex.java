package dev.mekiki.hashing.bucket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Finds the rows of one bucket whose fingerprint lies within 31 of a given one without reading the
/// others: multi-index hashing (M. Norouzi, A. Punjani, D. Fleet, Fast exact search in Hamming
/// space with multi-index hashing, 2014).
///
/// A fingerprint is cut in 16 slots of 16 bits. Two fingerprints that differ in at most 31 bits
/// differ in at most one bit in some slot, for 16 slots with two each would make 32. So all rows
/// are kept by the value of each slot, and a search looks up, for each slot, its value and the 16
/// values one bit away: 272 lists. What it finds is checked in full; nothing is missed.
///
/// ## Layout
///
/// Rows of equal slot value are linked: a row takes 16 links of 3 bytes, 48 bytes in all. The 16
/// tables of list heads grow together by linear hashing, one head at a time, so that lists stay
/// about {@link #ROWS_PER_HEAD} long until every slot value has its own, and no insertion waits for
/// a table to be made anew; heads take about 4 * 16 / 5 = 13 bytes a row.
///
/// A search follows all lists at once, link by link: the reads of one step do not wait for one
/// another, which is what makes it fast where the bucket is larger than the caches.
///
/// For one thread. Rows are numbered within the bucket; {@link Rows} keeps their fingerprints.
final class FingerprintIndex {
  /// The largest distance for which the search misses nothing.
  static final int MAX_RADIUS = 31;

  /// Rows that links can number: 24 bits, of which 0 ends a list.
  static final int MAX_ROWS = (1 << 24) - 1;

  static final int ROWS_PER_HEAD = 5;

  private static final int SLOTS = 16;
  private static final int SLOT_BITS = 16;
  private static final int SLOT_VALUES = 1 << SLOT_BITS;
  private static final int LISTS = SLOTS * (SLOT_BITS + 1);
  private static final int SLOTS_PER_WORD = Long.SIZE / SLOT_BITS;
  private static final int LINK_BYTES = 3;
  private static final int LINK_MASK = 0xFFFFFF;
  private static final int LINK_CHUNK_ROWS = 1024;
  private static final int ROW_BYTES = SLOTS * LINK_BYTES;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final Bucket bucket;

  /// In chunks of rows; the last link of a chunk is read as four bytes, hence one byte more.
  private byte[][] links = {};

  private final int[][] heads = new int[SLOTS][];
  private int headCount = 1 << 10;

  /// The power of two at or below {@link #headCount}.
  private int level = headCount;

  private int rows;
  private int[] frontier = new int[LISTS];
  private byte[] frontierSlots = new byte[LISTS];

  FingerprintIndex(Bucket bucket) {
    this.bucket = bucket;
    for (int slot = 0; slot < SLOTS; slot++) {
      heads[slot] = new int[headCount];
    }
  }

  /// The number of a row within its bucket, from 1.
  static int number(Rows.Chunk chunk, int row) {
    return chunk.ordinal * Rows.CHUNK_ROWS + Rows.offset(row) + 1;
  }

  void add(int number) {
    int ordinal = (number - 1) / LINK_CHUNK_ROWS;
    if (ordinal >= links.length) {
      int before = links.length;
      links = Arrays.copyOf(links, ordinal + 1);
      for (int i = before; i <= ordinal; i++) {
        links[i] = new byte[LINK_CHUNK_ROWS * ROW_BYTES + 1];
      }
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      int[] table = heads[slot];
      int head = address(slotValue(number, slot));
      setLink(number, slot, table[head]);
      table[head] = number;
    }
    rows++;
    while (rows > (long) ROWS_PER_HEAD * headCount && headCount < SLOT_VALUES) {
      split();
    }
  }

  void remove(int number) {
    for (int slot = 0; slot < SLOTS; slot++) {
      int[] table = heads[slot];
      int head = address(slotValue(number, slot));
      int after = link(number, slot);
      if (table[head] == number) {
        table[head] = after;
        continue;
      }
      int before = table[head];
      while (link(before, slot) != number) {
        before = link(before, slot);
      }
      setLink(before, slot, after);
    }
    rows--;
  }

  /// Makes one more head, which takes its part of the rows of an older one.
  private void split() {
    int from = headCount - level;
    int to = headCount;
    if (to == heads[0].length) {
      int capacity = Math.min(SLOT_VALUES, to + to / 4);
      for (int slot = 0; slot < SLOTS; slot++) {
        heads[slot] = Arrays.copyOf(heads[slot], capacity);
      }
    }
    headCount++;
    for (int slot = 0; slot < SLOTS; slot++) {
      int[] table = heads[slot];
      int row = table[from];
      table[from] = 0;
      while (row != 0) {
        int next = link(row, slot);
        int head = (mixed(slotValue(row, slot)) & (2 * level - 1)) == to ? to : from;
        setLink(row, slot, table[head]);
        table[head] = row;
        row = next;
      }
    }
    if (headCount == 2 * level) {
      level = headCount;
    }
  }

  /// Rows within a radius of a fingerprint, each once, as numbers.
  ///
  /// @param query 4 words
  /// @param radius at most {@link #MAX_RADIUS}
  /// @param found takes the numbers
  void search(long[] query, int radius, IntList found) {
    int width = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
      int[] table = heads[slot];
      int value = slotValue(query, slot);
      width = start(table, slot, value, width);
      for (int bit = 0; bit < SLOT_BITS; bit++) {
        width = start(table, slot, value ^ (1 << bit), width);
      }
    }
    int[] rowsNow = frontier;
    byte[] slotsNow = frontierSlots;
    Rows.Chunk[] chunks = bucket.rowChunks;
    while (width > 0) {
      int kept = 0;
      for (int i = 0; i < width; i++) {
        int row = rowsNow[i];
        int slot = slotsNow[i];
        Rows.Columns columns = chunks[(row - 1) / Rows.CHUNK_ROWS].columns;
        if (columns.fingerprintDistance((row - 1) % Rows.CHUNK_ROWS, query, radius) <= radius) {
          found.add(row);
        }
        int next = link(row, slot);
        if (next != 0) {
          rowsNow[kept] = next;
          slotsNow[kept++] = (byte) slot;
        }
      }
      width = kept;
    }
    found.sortDistinct();
  }

  private int start(int[] table, int slot, int value, int width) {
    int row = table[address(value)];
    if (row == 0) {
      return width;
    }
    frontier[width] = row;
    frontierSlots[width] = (byte) slot;
    return width + 1;
  }

  /// What a search reads at least, in rows; for the choice between it and a scan.
  int expectedRows() {
    return (int) ((long) LISTS * Math.max(1, rows / headCount));
  }

  private int address(int value) {
    int mixed = mixed(value);
    int address = mixed & (2 * level - 1);
    return address < headCount ? address : address & (level - 1);
  }

  /// A permutation of the 16-bit values, since the low bits of a slot may hardly vary.
  private static int mixed(int value) {
    int mixed = value * 0x9E3B & (SLOT_VALUES - 1);
    return mixed ^ (mixed >>> 7);
  }

  private int slotValue(int number, int slot) {
    long word =
        bucket.rowChunks[(number - 1) / Rows.CHUNK_ROWS].columns.fingerprintWord(
            (number - 1) % Rows.CHUNK_ROWS, slot / SLOTS_PER_WORD);
    return (int) (word >>> ((slot % SLOTS_PER_WORD) * SLOT_BITS)) & (SLOT_VALUES - 1);
  }

  private static int slotValue(long[] fingerprint, int slot) {
    return (int) (fingerprint[slot / SLOTS_PER_WORD] >>> ((slot % SLOTS_PER_WORD) * SLOT_BITS))
        & (SLOT_VALUES - 1);
  }

  private int link(int number, int slot) {
    return (int) INT.get(links[(number - 1) / LINK_CHUNK_ROWS], linkAt(number, slot)) & LINK_MASK;
  }

  private void setLink(int number, int slot, int next) {
    byte[] chunk = links[(number - 1) / LINK_CHUNK_ROWS];
    int at = linkAt(number, slot);
    INT.set(chunk, at, ((int) INT.get(chunk, at) & ~LINK_MASK) | next);
  }

  private static int linkAt(int number, int slot) {
    return ((number - 1) % LINK_CHUNK_ROWS) * ROW_BYTES + slot * LINK_BYTES;
  }

  long bytes() {
    long bytes = (long) heads[0].length * SLOTS * Integer.BYTES;
    for (byte[] chunk : links) {
      bytes += chunk.length + 16;
    }
    return bytes;
  }
}
