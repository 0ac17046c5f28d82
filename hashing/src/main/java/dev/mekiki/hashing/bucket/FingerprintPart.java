package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.scan.HammingKernel;

/// A part of a {@link FingerprintIndex}: the lists of up to 262,144 rows of a bucket, and which of
/// its rows are in no list. Rows are numbered within the part, from 0. For one thread.
final class FingerprintPart {
  private static final int CHUNKS = 16;
  static final int ROWS = CHUNKS * Rows.CHUNK_ROWS;
  private static final int ROW_BITS = Integer.numberOfTrailingZeros(ROWS);
  private static final int PARTNER_MASK = (1 << (Integer.SIZE - ROW_BITS)) - 1;
  private static final int ROWS_PER_LIST = 16;

  /// The rows of a new part that are scanned before any of them is listed.
  private static final int FIRST_LISTED = 8192;

  private static final int CHANGED_SHARE = 8;

  private static final int LISTS = FingerprintSlots.COUNT * (FingerprintSlots.BITS + 1);

  // Nanoseconds as measured on one machine, in a bucket much larger than its caches; only their
  // ratios to those of the other ways to read a bucket matter.
  private static final double LIST_COST = 90;
  private static final double SCANNED_ROW_COST = 0.6;

  private final Bucket bucket;
  private final Rows rows;
  private final Scratch scratch;
  private final int firstChunk;

  /// By slot: where each list begins in the entries, and at the end where the last one ends.
  private final int[][] lists = new int[FingerprintSlots.COUNT][1];

  /// By slot: list after list.
  private final int[][] entries = new int[FingerprintSlots.COUNT][0];

  /// Rows in the lists when they were last rebuilt.
  private int listed;

  private int dead;

  /// Rows from this number on are in no list.
  private int firstUnlisted;

  /// Rows before that number that are in no list: places that were used again.
  private final IntList filled = new IntList();

  /// False until the lists hold the rows that were there before the part.
  private boolean ready = true;

  /// The slot that is rebuilt next; all of them if no rebuild is under way.
  private int rebuiltSlots = FingerprintSlots.COUNT;

  private int newLists;
  private int newUpTo;
  private int filledBefore;

  /// Rows that no reader holds any more. Those up to {@link #releasedBefore} were released before
  /// the rebuild began, so the new lists do not have them.
  private final IntList released = new IntList();

  private int releasedBefore;

  FingerprintPart(Bucket bucket, Rows rows, Scratch scratch, int ordinal) {
    this.bucket = bucket;
    this.rows = rows;
    this.scratch = scratch;
    this.firstChunk = ordinal * CHUNKS;
  }

  /// Starts to list the first rows of the part's chunks.
  void beginWith(int used) {
    ready = used < FIRST_LISTED;
    if (!ready) {
      beginRebuild(used);
    }
  }

  void add(int number) {
    if (number < Math.max(firstUnlisted, newUpTo)) {
      filled.add(number);
    }
  }

  boolean isReady() {
    return ready;
  }

  boolean isRebuilding() {
    return rebuiltSlots < FingerprintSlots.COUNT;
  }

  void markDead() {
    dead++;
  }

  void release(int row) {
    released.add(row);
  }

  void releaseAll() {
    returnReleased(released.size());
  }

  /// Expected cost of a search, in nanoseconds.
  double cost() {
    return (listed == 0 ? 0 : LISTS * LIST_COST) + SCANNED_ROW_COST * unlisted();
  }

  /// Number of rows that only a scan finds.
  private int unlisted() {
    return used() - firstUnlisted + filled.size();
  }

  private int used() {
    return Math.clamp(bucket.usedRows() - firstChunk * Rows.CHUNK_ROWS, 0, ROWS);
  }

  /// Rebuilds the next slot.
  void rebuildNext() {
    rebuild(rebuiltSlots++);
    if (rebuiltSlots == FingerprintSlots.COUNT) {
      endRebuild();
    }
  }

  /// A rebuild is due when an eighth has changed, and when the part is full: it may never change
  /// again.
  void beginRebuildIfDue() {
    int most = Math.max(FIRST_LISTED, listed / CHANGED_SHARE);
    int used = used();
    boolean filledUp = used == ROWS && firstUnlisted < used;
    if (filledUp || unlisted() > most || dead > most) {
      beginRebuild(used);
    }
  }

  private void beginRebuild(int used) {
    newUpTo = used;
    newLists = Math.clamp(used / ROWS_PER_LIST, 1, FingerprintSlots.VALUES);
    rebuiltSlots = 0;
    filledBefore = filled.size();
    releasedBefore = released.size();
    dead = 0;
  }

  private void endRebuild() {
    ready = true;
    firstUnlisted = newUpTo;
    listed = entries[FingerprintSlots.COUNT - 1].length;
    filled.dropFirst(filledBefore);
    returnReleased(releasedBefore);
  }

  /// Sorts the live rows by their lists: counts, then places them.
  private void rebuild(int slot) {
    int[] begin = new int[newLists + 1];
    for (int first = 0; first < newUpTo; first += Rows.CHUNK_ROWS) {
      Rows.Columns columns = columns(first);
      int rowsHere = Math.min(Rows.CHUNK_ROWS, newUpTo - first);
      for (int offset = 0; offset < rowsHere; offset++) {
        if (rows.isLive(columns, offset)) {
          begin[FingerprintSlots.list(FingerprintSlots.value(columns, offset, slot), newLists)]++;
        }
      }
    }
    int sum = 0;
    for (int i = 0; i <= newLists; i++) {
      sum += begin[i];
      begin[i] = sum;
    }
    int[] sorted = new int[sum];
    for (int first = 0; first < newUpTo; first += Rows.CHUNK_ROWS) {
      Rows.Columns columns = columns(first);
      int rowsHere = Math.min(Rows.CHUNK_ROWS, newUpTo - first);
      for (int offset = 0; offset < rowsHere; offset++) {
        if (rows.isLive(columns, offset)) {
          int list = FingerprintSlots.list(FingerprintSlots.value(columns, offset, slot), newLists);
          int partner =
              FingerprintSlots.value(columns, offset, FingerprintSlots.partner(slot))
                  & PARTNER_MASK;
          sorted[--begin[list]] = (first + offset) | (partner << ROW_BITS);
        }
      }
    }
    lists[slot] = begin;
    entries[slot] = sorted;
  }

  private void returnReleased(int count) {
    for (int i = 0; i < count; i++) {
      bucket.freeRow(released.get(i));
    }
    released.dropFirst(count);
  }

  void search(long[] query, int radius, IntList found) {
    int inPair = radius / FingerprintSlots.PAIRS;
    for (int slot = 0; slot < FingerprintSlots.COUNT; slot++) {
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
    int value = FingerprintSlots.value(query, slot);
    // Three rounds: the reads of a round do not wait for one another, and what the second round has
    // read is in the cache for the third.
    for (int i = 0; i <= FingerprintSlots.BITS; i++) {
      int list = FingerprintSlots.list(i == 0 ? value : value ^ (1 << (i - 1)), count);
      scratch.begins[i] = begin[list];
      scratch.ends[i] = begin[list + 1];
    }
    int touched = 0;
    for (int i = 0; i <= FingerprintSlots.BITS; i++) {
      if (scratch.begins[i] < scratch.ends[i]) {
        touched += entry[scratch.begins[i]] + entry[scratch.ends[i] - 1];
      }
    }
    scratch.sink = touched;
    int partner = FingerprintSlots.value(query, FingerprintSlots.partner(slot)) & PARTNER_MASK;
    for (int i = 0; i <= FingerprintSlots.BITS; i++) {
      int most = i == 0 ? inPair : inPair - 1;
      for (int at = scratch.begins[i]; at < scratch.ends[i]; at++) {
        int here = entry[at];
        if (Integer.bitCount((here >>> ROW_BITS) ^ partner) <= most) {
          check(here & (ROWS - 1), query, radius, found);
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
          scratch.kernel.pairsWithin(
              columns(first).firstHalves, offset, until, query, radius, scratch.scanned);
      for (int i = 0; i < hits; i++) {
        check(first - offset + scratch.scanned[i], query, radius, found);
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
    for (int slot = 0; slot < FingerprintSlots.COUNT; slot++) {
      bytes += 32 + (long) (lists[slot].length + entries[slot].length) * Integer.BYTES;
    }
    return bytes;
  }

  /// Arrays that the parts of an index share.
  static final class Scratch {
    private final HammingKernel kernel = HammingKernel.chosen();
    private final int[] begins = new int[FingerprintSlots.BITS + 1];
    private final int[] ends = new int[FingerprintSlots.BITS + 1];
    private final int[] scanned = new int[Rows.CHUNK_ROWS];

    /// Keeps the compiler from removing reads that only fill the cache.
    @SuppressWarnings("UnusedVariable")
    private int sink;
  }
}
