package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.scan.HammingKernel;
import java.util.Arrays;

/// Finds the rows of one bucket whose fingerprint lies within 31 of a given one without reading the
/// others: multi-index hashing (M. Norouzi, A. Punjani, D. Fleet, Fast exact search in Hamming
/// space with multi-index hashing, 2014) with a second look at each entry.
///
/// A fingerprint is cut in 16 slots of 16 bits, and slots s and s + 8 are *partners*. Two
/// fingerprints that differ in at most 31 bits differ in at most 3 bits in some pair of partners,
/// for 8 pairs with 4 each would make 32; and then in at most one bit in one slot of that pair. So
/// all rows are listed by the value of each slot, and a search looks up, for each slot, its value
/// and the 16 values one bit away: 272 lists. An entry holds 14 bits of the partner as well, which
/// differ in at most 3 bits where the value is the same, in at most 2 where it is one bit away: of
/// random entries 3 and 0.6 in a hundred. Only these are looked up and checked in full; nothing is
/// missed.
///
/// ## Layout
///
/// The rows are indexed in parts of up to 262,144. A part has, for each slot, one array of entries
/// of 4 bytes: the row's number in the part and the partner's bits; and where in it each list
/// begins, 4 bytes for {@link #ROWS_PER_LIST} rows or so. Together 68 bytes a row. A list is read
/// from one or two places in memory, however many rows the bucket has.
///
/// ## Changes
///
/// The arrays do not change. A row that comes is left out of them and found by a scan, like all
/// rows that came since; a removed one stays in them, dead, so that one of a million equal
/// fingerprints is removed as fast as any other; its place must not be filled again meanwhile. When
/// an eighth of the rows is left out, or dead, and when a part is full, its lists are made anew,
/// one slot with each change: no change waits for more than one slot of one part.
///
/// For one thread. Rows are numbered within the bucket, from 0; {@link Rows} keeps their
/// fingerprints.
final class FingerprintIndex {
  /// The largest distance for which the search misses nothing.
  static final int MAX_RADIUS = 31;

  private static final int ROWS_PER_LIST = 16;
  private static final int SLOTS = 16;
  private static final int PAIRS = SLOTS / 2;
  private static final int SLOT_BITS = 16;
  private static final int SLOT_VALUES = 1 << SLOT_BITS;
  private static final int LISTS = SLOTS * (SLOT_BITS + 1);
  private static final int SLOTS_PER_WORD = Long.SIZE / SLOT_BITS;
  private static final int PART_CHUNKS = 16;
  private static final int PART_ROWS = PART_CHUNKS * Rows.CHUNK_ROWS;
  private static final int ROW_BITS = Integer.numberOfTrailingZeros(PART_ROWS);
  private static final int PARTNER_MASK = (1 << (Integer.SIZE - ROW_BITS)) - 1;

  /// The rows of a new part that are scanned before any of them is listed.
  private static final int FIRST_LISTED = 8192;

  private static final int CHANGED_SHARE = 8;

  // Nanoseconds as measured on one machine, in a bucket much larger than its caches; only their
  // ratios to those of the other ways to read a bucket matter.
  private static final double LIST_COST = 90;
  private static final double SCANNED_ROW_COST = 0.6;

  private final Bucket bucket;
  private final Rows rows;
  private final HammingKernel kernel = HammingKernel.chosen();
  private Part[] parts = {};
  private final int[] begins = new int[LISTS];
  private final int[] ends = new int[LISTS];
  private final int[] scanned = new int[Rows.CHUNK_ROWS];

  /// Takes what was read ahead, so that it is not optimised away.
  @SuppressWarnings("UnusedVariable")
  private int sink;

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
    Part part = part(number);
    part.add(number % PART_ROWS);
    goOn(part);
  }

  /// Takes note that a row dies. It is found until it has, and must not be used again before the
  /// index has given it back.
  void remove(int row) {
    Part part = part(number(rows.chunk(row), row));
    part.dead++;
    goOn(part);
  }

  /// Makes one more slot of a part's lists anew, or begins to where that is due in the part that
  /// has changed.
  private void goOn(Part changed) {
    for (Part part : parts) {
      if (part.remakes < SLOTS) {
        part.remakeNext();
        return;
      }
    }
    changed.beginWhereDue();
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

  /// What a search is expected to take, in nanoseconds; for the choice between it and a scan.
  double cost() {
    double cost = 0;
    for (Part part : parts) {
      cost += (part.listed == 0 ? 0 : LISTS * LIST_COST) + SCANNED_ROW_COST * part.unlisted();
    }
    return cost;
  }

  private static int slotValue(long word, int slot) {
    return (int) (word >>> ((slot % SLOTS_PER_WORD) * SLOT_BITS)) & (SLOT_VALUES - 1);
  }

  private static int slotValueOf(long[] words, int slot) {
    return slotValue(words[slot / SLOTS_PER_WORD], slot);
  }

  private static int slotValueOf(Rows.Columns columns, int offset, int slot) {
    return slotValue(columns.fingerprintWord(offset, slot / SLOTS_PER_WORD), slot);
  }

  private static int partner(int slot) {
    return slot ^ PAIRS;
  }

  /// The list of a value among so many: a permutation of the values, as the high bits of a slot may
  /// hardly vary, scaled.
  private static int list(int value, int lists) {
    int mixed = (value * 0x9E3B) & (SLOT_VALUES - 1);
    return (mixed * lists) >>> SLOT_BITS;
  }

  long bytes() {
    long bytes = 0;
    for (Part part : parts) {
      bytes += part.bytes();
    }
    return bytes;
  }

  /// The lists of up to 262,144 rows.
  private final class Part {
    private final int firstChunk;

    /// By slot: where each list begins in the entries, and at the end where the last one ends.
    private final int[][] lists = new int[SLOTS][1];

    /// By slot: list after list.
    private final int[][] entries = new int[SLOTS][0];

    /// Rows in the lists when they were last made.
    private int listed;

    private int dead;

    /// Rows from this number on are in no list.
    private int firstUnlisted;

    /// Rows before that number that are in no list: places that were filled again.
    private final IntList filled = new IntList();

    /// False until rows that were there before the part are in its lists.
    private boolean ready = true;

    /// The slot that is made anew next; none where none is.
    private int remakes = SLOTS;

    private int remadeLists;
    private int remadeUpTo;
    private int filledBefore;

    /// Rows given back by readers, the first of them before the lists began to be made anew.
    private final IntList released = new IntList();

    private int releasedBefore;

    Part(int ordinal) {
      this.firstChunk = ordinal * PART_CHUNKS;
    }

    /// Begins to list the first rows of the part's chunks.
    void beginWith(int used) {
      ready = used < FIRST_LISTED;
      if (!ready) {
        beginRemake(used);
      }
    }

    void add(int number) {
      if (number < Math.max(firstUnlisted, remadeUpTo)) {
        filled.add(number);
      }
    }

    /// Rows that only a scan finds.
    int unlisted() {
      return used() - firstUnlisted + filled.size();
    }

    private int used() {
      return Math.clamp(bucket.usedRows() - firstChunk * Rows.CHUNK_ROWS, 0, PART_ROWS);
    }

    private void remakeNext() {
      remake(remakes++);
      if (remakes == SLOTS) {
        endRemake();
      }
    }

    /// When an eighth has changed, and when no row can follow: a full part may never change again.
    private void beginWhereDue() {
      int most = Math.max(FIRST_LISTED, listed / CHANGED_SHARE);
      int used = used();
      boolean filledUp = used == PART_ROWS && firstUnlisted < used;
      if (filledUp || unlisted() > most || dead > most) {
        beginRemake(used);
      }
    }

    private void beginRemake(int used) {
      remadeUpTo = used;
      remadeLists = Math.clamp(used / ROWS_PER_LIST, 1, SLOT_VALUES);
      remakes = 0;
      filledBefore = filled.size();
      releasedBefore = released.size();
      dead = 0;
    }

    private void endRemake() {
      ready = true;
      firstUnlisted = remadeUpTo;
      listed = entries[SLOTS - 1].length;
      filled.dropFirst(filledBefore);
      giveBack(releasedBefore);
    }

    /// Sorts the live rows by their lists: counts, then places them.
    private void remake(int slot) {
      int[] begin = new int[remadeLists + 1];
      for (int first = 0; first < remadeUpTo; first += Rows.CHUNK_ROWS) {
        Rows.Columns columns = columns(first);
        int rowsHere = Math.min(Rows.CHUNK_ROWS, remadeUpTo - first);
        for (int offset = 0; offset < rowsHere; offset++) {
          if (rows.isLive(columns, offset)) {
            begin[list(slotValueOf(columns, offset, slot), remadeLists)]++;
          }
        }
      }
      int sum = 0;
      for (int i = 0; i <= remadeLists; i++) {
        sum += begin[i];
        begin[i] = sum;
      }
      int[] sorted = new int[sum];
      for (int first = 0; first < remadeUpTo; first += Rows.CHUNK_ROWS) {
        Rows.Columns columns = columns(first);
        int rowsHere = Math.min(Rows.CHUNK_ROWS, remadeUpTo - first);
        for (int offset = 0; offset < rowsHere; offset++) {
          if (rows.isLive(columns, offset)) {
            int list = list(slotValueOf(columns, offset, slot), remadeLists);
            int partner = slotValueOf(columns, offset, partner(slot)) & PARTNER_MASK;
            sorted[--begin[list]] = (first + offset) | (partner << ROW_BITS);
          }
        }
      }
      lists[slot] = begin;
      entries[slot] = sorted;
    }

    private void giveBack(int count) {
      for (int i = 0; i < count; i++) {
        bucket.freeRow(released.get(i));
      }
      released.dropFirst(count);
    }

    void search(long[] query, int radius, IntList found) {
      int inPair = radius / PAIRS;
      for (int slot = 0; slot < SLOTS; slot++) {
        find(slot, query, radius, inPair, found);
      }
      for (int i = 0; i < filled.size(); i++) {
        check(filled.get(i), query, radius, found);
      }
      scan(query, radius, found);
    }

    private void find(int slot, long[] query, int radius, int inPair, IntList found) {
      int[] begin = lists[slot];
      int count = begin.length - 1;
      if (count == 0) {
        return;
      }
      int[] entry = entries[slot];
      int value = slotValueOf(query, slot);
      // In three rounds: the reads of a round do not wait for one another, and what the second has
      // read is in the cache for the third.
      for (int i = 0; i <= SLOT_BITS; i++) {
        int list = list(i == 0 ? value : value ^ (1 << (i - 1)), count);
        begins[i] = begin[list];
        ends[i] = begin[list + 1];
      }
      int touched = 0;
      for (int i = 0; i <= SLOT_BITS; i++) {
        if (begins[i] < ends[i]) {
          touched += entry[begins[i]] + entry[ends[i] - 1];
        }
      }
      sink = touched;
      int partner = slotValueOf(query, partner(slot)) & PARTNER_MASK;
      for (int i = 0; i <= SLOT_BITS; i++) {
        int most = i == 0 ? inPair : inPair - 1;
        for (int at = begins[i]; at < ends[i]; at++) {
          int here = entry[at];
          if (Integer.bitCount((here >>> ROW_BITS) ^ partner) <= most) {
            check(here & (PART_ROWS - 1), query, radius, found);
          }
        }
      }
    }

    private void scan(long[] query, int radius, IntList found) {
      int used = used();
      for (int first = firstUnlisted; first < used; ) {
        int offset = first % Rows.CHUNK_ROWS;
        int until = Math.min(Rows.CHUNK_ROWS, used - first + offset);
        int hits =
            kernel.pairsWithin(columns(first).firstHalves, offset, until, query, radius, scanned);
        for (int i = 0; i < hits; i++) {
          check(first - offset + scanned[i], query, radius, found);
        }
        first += until - offset;
      }
    }

    private void check(int number, long[] query, int radius, IntList found) {
      int distance = columns(number).fingerprintDistance(number % Rows.CHUNK_ROWS, query, radius);
      if (distance <= radius) {
        found.add(firstChunk * Rows.CHUNK_ROWS + number);
      }
    }

    private Rows.Columns columns(int number) {
      return bucket.rowChunks[firstChunk + number / Rows.CHUNK_ROWS].columns;
    }

    long bytes() {
      long bytes = released.bytes() + filled.bytes();
      for (int slot = 0; slot < SLOTS; slot++) {
        bytes += 32 + (long) (lists[slot].length + entries[slot].length) * Integer.BYTES;
      }
      return bytes;
    }
  }
}
