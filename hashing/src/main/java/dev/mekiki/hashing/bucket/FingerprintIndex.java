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
/// The rows are indexed in parts of up to 262,144. Rows of a part that agree in a slot are linked:
/// a row takes 16 links of 3 bytes, 48 bytes in all. The 16 tables of list heads keep lists at most
/// about {@link #ROWS_PER_HEAD} long and take 16 to 18 bytes a row.
///
/// ## Changes
///
/// A new row becomes the head of its 16 lists. A removed one stays in them, dead, so that one of a
/// million equal fingerprints is removed as fast as any other; its place must not be filled again
/// meanwhile. When tables have become short or an eighth of the rows is dead, the part's lists are
/// made anew, one slot with each change: no change waits for more than one slot of one part.
///
/// A search follows all lists at once, link by link: the reads of one step do not wait for one
/// another, which is what makes it fast where the bucket is larger than the caches.
///
/// For one thread. Rows are numbered within the bucket, from 0; {@link Rows} keeps their
/// fingerprints.
final class FingerprintIndex {
  /// The largest distance for which the search misses nothing.
  static final int MAX_RADIUS = 31;

  static final int ROWS_PER_HEAD = 4;

  private static final int SLOTS = 16;
  private static final int SLOT_BITS = 16;
  private static final int SLOT_VALUES = 1 << SLOT_BITS;
  private static final int LISTS = SLOTS * (SLOT_BITS + 1);
  private static final int SLOTS_PER_WORD = Long.SIZE / SLOT_BITS;
  private static final int LINK_BYTES = 3;
  private static final int LINK_MASK = 0xFFFFFF;
  private static final int LINK_CHUNK_ROWS = 1024;
  private static final int ROW_BYTES = SLOTS * LINK_BYTES;
  private static final int FIRST_HEADS = 256;
  private static final int PART_CHUNKS = 16;
  private static final int PART_ROWS = PART_CHUNKS * Rows.CHUNK_ROWS;
  private static final int DEAD_SHARE = 8;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final Bucket bucket;
  private final Rows rows;
  private Part[] parts = {};
  private final int[] frontier = new int[LISTS];
  private final byte[] frontierSlots = new byte[LISTS];
  private final long[][] halves = new long[PART_CHUNKS][];

  /// An index of the rows that the bucket has. It is ready some changes later.
  FingerprintIndex(Bucket bucket, Rows rows) {
    this.bucket = bucket;
    this.rows = rows;
    int used = bucket.usedRows();
    for (int number = 0; number < used; number += PART_ROWS) {
      part(number).beginWith(Math.min(PART_ROWS, used - number));
    }
  }

  /// True where a search finds all rows.
  boolean isReady() {
    for (Part part : parts) {
      if (!part.ready) {
        return false;
      }
    }
    return true;
  }

  /// The number of a row within its bucket.
  private static int number(Rows.Chunk chunk, int row) {
    return chunk.ordinal * Rows.CHUNK_ROWS + Rows.offset(row);
  }

  /// Adds a row that is live.
  void add(int row) {
    int number = number(rows.chunk(row), row);
    part(number).add(number % PART_ROWS);
  }

  /// Takes note that a row dies. It is found until it has, and must not be used again before the
  /// index has given it back.
  void remove(int row) {
    part(number(rows.chunk(row), row)).remove();
  }

  /// Gives back to the bucket a row that has been removed and that no reader holds, once it is in
  /// no list any more.
  void release(int row) {
    part(number(rows.chunk(row), row)).released.add(row);
  }

  /// Gives back all rows that have been released; the index is not used any more.
  void close() {
    for (Part part : parts) {
      part.giveBack(part.released.size());
    }
  }

  private Part part(int number) {
    int ordinal = number / PART_ROWS;
    while (ordinal >= parts.length) {
      parts = Arrays.copyOf(parts, parts.length + 1);
      parts[parts.length - 1] = new Part(parts.length - 1);
    }
    return parts[ordinal];
  }

  /// Rows within a radius of a fingerprint, each once, as numbers; rows that have died among them.
  ///
  /// @param query 4 words
  /// @param radius at most {@link #MAX_RADIUS}
  /// @param found takes the numbers
  void search(long[] query, int radius, IntList found) {
    for (Part part : parts) {
      part.search(query, radius, found);
    }
    found.sortDistinct();
  }

  /// What a search reads at least, in rows; for the choice between it and a scan.
  long expectedRows() {
    long expected = 0;
    for (Part part : parts) {
      expected += (long) LISTS * Math.max(1, part.linked / part.heads[0].length);
    }
    return expected;
  }

  /// The index of the value in a table of heads: a permutation of the values, as the low bits of a
  /// slot may hardly vary, scaled.
  private static int head(int value, int[] table) {
    int mixed = (value * 0x9E3B) & (SLOT_VALUES - 1);
    return (mixed * table.length) >>> SLOT_BITS;
  }

  private static int slotValue(long word, int slot) {
    return (int) (word >>> ((slot % SLOTS_PER_WORD) * SLOT_BITS)) & (SLOT_VALUES - 1);
  }

  long bytes() {
    long bytes = 0;
    for (Part part : parts) {
      bytes += part.bytes();
    }
    return bytes;
  }

  /// The lists of up to 262,144 rows. A link, and a head, is the number of a row in the part plus
  /// one; 0 ends a list.
  private final class Part {
    private final int firstChunk;

    /// In chunks of rows; the last link of a chunk is read as four bytes, hence one byte more.
    private byte[][] links = {};

    private final int[][] heads = new int[SLOTS][FIRST_HEADS];

    /// Rows in the lists, those included that have died since the lists were last made.
    private int linked;

    private int dead;

    /// False until rows that were there before the part are in its lists.
    private boolean ready = true;

    /// The slot that is made anew next; none where none is.
    private int remakes = SLOTS;

    private int remadeHeads;

    /// Rows given back by readers, the first of them before the lists began to be made anew.
    private final IntList released = new IntList();

    private int releasedBefore;

    Part(int ordinal) {
      this.firstChunk = ordinal * PART_CHUNKS;
    }

    /// Begins to fill the empty part with the first rows of its chunks.
    void beginWith(int used) {
      for (int number = 0; number < used; number += LINK_CHUNK_ROWS) {
        makeLinks(number);
      }
      linked = used;
      ready = false;
      beginRemake(Math.min(SLOT_VALUES, Math.max(FIRST_HEADS, used / (ROWS_PER_HEAD - 1))));
    }

    void add(int number) {
      makeLinks(number);
      Rows.Columns columns = columns(number);
      for (int slot = 0; slot < SLOTS; slot++) {
        link(number, slot, slotValue(word(columns, number, slot), slot));
      }
      linked++;
      goOn();
    }

    void remove() {
      dead++;
      goOn();
    }

    private void makeLinks(int number) {
      int ordinal = number / LINK_CHUNK_ROWS;
      if (ordinal >= links.length) {
        int before = links.length;
        links = Arrays.copyOf(links, ordinal + 1);
        for (int i = before; i <= ordinal; i++) {
          links[i] = new byte[LINK_CHUNK_ROWS * ROW_BYTES + 1];
        }
      }
    }

    private void link(int number, int slot, int value) {
      int[] table = heads[slot];
      int head = head(value, table);
      byte[] chunk = links[number / LINK_CHUNK_ROWS];
      int at = linkAt(number, slot);
      INT.set(chunk, at, ((int) INT.get(chunk, at) & ~LINK_MASK) | table[head]);
      table[head] = number + 1;
    }

    /// Begins to make the lists anew where that is due, or makes the next slot's.
    private void goOn() {
      int count = heads[SLOTS - 1].length;
      if (remakes < SLOTS) {
        remake(remakes++);
        if (remakes == SLOTS) {
          ready = true;
          giveBack(releasedBefore);
        }
      } else if (linked - dead > ROWS_PER_HEAD * count && count < SLOT_VALUES) {
        beginRemake(Math.min(SLOT_VALUES, count + count / 8));
      } else if (dead > FIRST_HEADS && dead > linked / DEAD_SHARE) {
        beginRemake(count);
      }
    }

    private void beginRemake(int count) {
      remadeHeads = count;
      remakes = 0;
      releasedBefore = released.size();
      linked -= dead;
      dead = 0;
    }

    private void remake(int slot) {
      heads[slot] = new int[remadeHeads];
      int chunks = Math.min(PART_CHUNKS, bucket.rowChunks.length - firstChunk);
      for (int ordinal = 0; ordinal < chunks; ordinal++) {
        Rows.Chunk chunk = bucket.rowChunks[firstChunk + ordinal];
        Rows.Columns columns = chunk.columns;
        int first = ordinal * Rows.CHUNK_ROWS;
        for (int offset = 0; offset < chunk.used; offset++) {
          if (rows.isLive(columns, offset)) {
            long word = columns.fingerprintWord(offset, slot / SLOTS_PER_WORD);
            link(first + offset, slot, slotValue(word, slot));
          }
        }
      }
    }

    private void giveBack(int count) {
      for (int i = 0; i < count; i++) {
        bucket.freeRow(released.get(i));
      }
      released.dropFirst(count);
    }

    void search(long[] query, int radius, IntList found) {
      int width = 0;
      for (int slot = 0; slot < SLOTS; slot++) {
        int[] table = heads[slot];
        int value = slotValue(query[slot / SLOTS_PER_WORD], slot);
        width = start(table, slot, value, width);
        for (int bit = 0; bit < SLOT_BITS; bit++) {
          width = start(table, slot, value ^ (1 << bit), width);
        }
      }
      int chunks = Math.min(PART_CHUNKS, bucket.rowChunks.length - firstChunk);
      for (int ordinal = 0; ordinal < chunks; ordinal++) {
        halves[ordinal] = bucket.rowChunks[firstChunk + ordinal].columns.firstHalves;
      }
      long first = query[0];
      long second = query[1];
      while (width > 0) {
        int kept = 0;
        for (int i = 0; i < width; i++) {
          int number = frontier[i] - 1;
          int slot = frontierSlots[i];
          long[] half = halves[number / Rows.CHUNK_ROWS];
          int at = number % Rows.CHUNK_ROWS * Rows.HALF_WORDS;
          if (Long.bitCount(half[at] ^ first) + Long.bitCount(half[at + 1] ^ second) <= radius) {
            check(number, query, radius, found);
          }
          // Where a list ends cannot be foreseen, so there is no branch on it: a wrong guess would
          // make the reads of the lists after it begin late.
          int next =
              (int) INT.get(links[number / LINK_CHUNK_ROWS], linkAt(number, slot)) & LINK_MASK;
          frontier[kept] = next;
          frontierSlots[kept] = (byte) slot;
          kept += -next >>> (Integer.SIZE - 1);
        }
        width = kept;
      }
    }

    private void check(int number, long[] query, int radius, IntList found) {
      int distance = columns(number).fingerprintDistance(number % Rows.CHUNK_ROWS, query, radius);
      if (distance <= radius) {
        found.add(firstChunk * Rows.CHUNK_ROWS + number);
      }
    }

    private int start(int[] table, int slot, int value, int width) {
      int row = table[head(value, table)];
      if (row == 0) {
        return width;
      }
      frontier[width] = row;
      frontierSlots[width] = (byte) slot;
      return width + 1;
    }

    private Rows.Columns columns(int number) {
      return bucket.rowChunks[firstChunk + number / Rows.CHUNK_ROWS].columns;
    }

    private static long word(Rows.Columns columns, int number, int slot) {
      return columns.fingerprintWord(number % Rows.CHUNK_ROWS, slot / SLOTS_PER_WORD);
    }

    private static int linkAt(int number, int slot) {
      return (number % LINK_CHUNK_ROWS) * ROW_BYTES + slot * LINK_BYTES;
    }

    long bytes() {
      long bytes = released.bytes();
      for (int[] table : heads) {
        bytes += 16 + (long) table.length * Integer.BYTES;
      }
      for (byte[] chunk : links) {
        bytes += chunk.length + 16;
      }
      return bytes;
    }
  }
}
