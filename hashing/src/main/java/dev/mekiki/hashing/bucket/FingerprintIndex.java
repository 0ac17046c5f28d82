package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.lists.IntList;
import dev.mekiki.hashing.scan.HammingKernel;
import java.util.Arrays;

/// Finds the rows of a partition whose fingerprint lies within 31 bits of a given one without
/// reading the others: multi-index hashing (M. Norouzi, A. Punjani, D. Fleet, Fast exact search in
/// Hamming space with multi-index hashing, 2014) with a second filter on each entry.
///
/// A fingerprint is cut into a ring of 32 slots of 8 bits ({@link FingerprintSlots}). Two
/// fingerprints that differ in at most 31 bits have a slot from which on, around the ring, the
/// first l slots together differ in at most l - 1 bits, for every l: none in the first, at most one
/// in the first two, at most two in the first three. (J. Qin, C. Xiao, Pigeonring: a principle for
/// faster thresholded similarity search, 2018. Take 1 from the differences of each slot: the sum
/// over the ring is negative, so after the last place where the sum so far is largest, all sums are
/// negative.) So all rows are listed by the value of each slot ({@link FingerprintLists}), and a
/// search reads one list for each slot. Where there are many rows, a list holds those alike in some
/// bits of the next slot, too, and a search reads one more list for each of these bits.
///
/// An entry also holds the other bits of the next slot and those of the third, by which all but one
/// in 500 of random entries are left out. Only the rows of the rest are read and compared in full.
/// Nothing is missed.
///
/// ## Scan or lists
///
/// A partition is scanned until it has {@link #LISTED_ROWS}: memory is read so much faster in
/// sequence that this costs hardly more than some lists anywhere in it, and no lists take no
/// memory. From the next search on, each change and each search lists a few of the rows that were
/// there before, and scans go on until all are listed. Where no search needs lists, since buckets
/// near an arrival are all that matters and are small, there are none; and none hold up the opening
/// of a partition. A partition that shrinks keeps its lists: a scan reads all places, those of rows
/// that are gone as well.
///
/// Rows lie in chunks of one bucket each, few of which are full. So the lists number rows by
/// themselves, without gaps but for a unit of 64 rows, in the order in which units come to be
/// listed; in parts of up to 16,777,216 rows ({@link FingerprintLists}).
///
/// ## Changes
///
/// A row is listed when it is added, in all 32 tables. A removed row stays in them, dead, so that
/// one of a million equal fingerprints is removed as fast as any other; its place must not be used
/// again meanwhile. When an eighth of the rows is dead, they are swept out, some lists with each
/// change. Nothing is ever rebuilt.
///
/// For one thread.
final class FingerprintIndex {
  /// The largest distance for which the lists miss nothing.
  static final int MAX_RADIUS = 31;

  /// From this many rows on, lists cost less than a scan.
  static final int LISTED_ROWS = 1 << 16;

  // Nanoseconds as measured on one machine; only their ratios to those of the other ways to find
  // candidates matter.
  private static final double SCANNED_ROW_COST = 0.33;
  private static final double SCANNED_CHUNK_COST = 60;

  /// Rows listed with one change or search, of those that were there before the lists.
  private static final int LISTED_AT_ONCE = 256;

  private static final int UNIT_BITS = 6;
  private static final int UNIT_ROWS = 1 << UNIT_BITS;

  private final Rows rows;
  private final int partRows;
  private final int listedRows;
  private final int rowsPerList;
  private final HammingKernel kernel = HammingKernel.chosen();
  private final Candidates candidates = new Candidates();
  private final int[] scanned = new int[Rows.CHUNK_ROWS];
  private Part[] parts = {};

  /// By number of a unit: the reference of its first row.
  private int[] unitRefs = new int[16];

  private int units;

  private boolean wanted;

  /// Whether all rows are in the lists; until then those before the cursor are.
  private boolean ready;

  private int cursorChunk = 1;
  private int cursorOffset;

  FingerprintIndex(Rows rows) {
    this(rows, 1 << FingerprintLists.ROW_BITS, LISTED_ROWS, FingerprintLists.ROWS_PER_LIST);
  }

  /// @param partRows rows of a part, whole units
  /// @param listedRows rows from which on there are lists
  /// @param rowsPerList rows from which on a list is split, at most those of the product
  FingerprintIndex(Rows rows, int partRows, int listedRows, int rowsPerList) {
    this.rows = rows;
    this.partRows = partRows;
    this.listedRows = listedRows;
    this.rowsPerList = rowsPerList;
  }

  /// Adds a row that is live.
  void add(int row) {
    if (!wanted) {
      return;
    }
    if (ready || isBeforeCursor(row)) {
      list(row);
    }
    goOn();
  }

  private boolean isBeforeCursor(int row) {
    int number = rows.chunk(row).number;
    return number < cursorChunk || (number == cursorChunk && Rows.offset(row) < cursorOffset);
  }

  private void list(int row) {
    int number = number(row);
    if (number < 0) {
      number = addUnit(row);
    }
    int ordinal = number / partRows;
    if (ordinal == parts.length) {
      parts = Arrays.copyOf(parts, ordinal + 1);
      parts[ordinal] = new Part(ordinal * partRows);
    }
    parts[ordinal].lists.add(number % partRows);
  }

  /// The number of a row, negative where its unit has none.
  private int number(int row) {
    int[] numbers = rows.chunk(row).fingerprintUnits;
    int unit = Rows.offset(row) >>> UNIT_BITS;
    return unit < numbers.length ? numbers[unit] * UNIT_ROWS + row % UNIT_ROWS : -1;
  }

  /// Numbers the rows of a unit, and of those before it in the chunk.
  private int addUnit(int row) {
    Rows.Chunk chunk = rows.chunk(row);
    int unit = Rows.offset(row) >>> UNIT_BITS;
    int known = chunk.fingerprintUnits.length;
    chunk.fingerprintUnits = Arrays.copyOf(chunk.fingerprintUnits, unit + 1);
    for (int i = known; i <= unit; i++) {
      if (units == unitRefs.length) {
        unitRefs = Arrays.copyOf(unitRefs, units + units / 2);
      }
      unitRefs[units] = Rows.ref(chunk, i * UNIT_ROWS);
      chunk.fingerprintUnits[i] = units++;
    }
    return number(row);
  }

  /// Lists a few more of the rows that were there before the lists, and sweeps some lists.
  private void goOn() {
    for (int listed = 0; !ready && listed < LISTED_AT_ONCE; ) {
      Rows.Chunk chunk = rows.chunkNumbered(cursorChunk);
      if (cursorOffset < chunk.used) {
        if (rows.isLive(chunk.columns, cursorOffset)) {
          list(Rows.ref(chunk, cursorOffset));
        }
        cursorOffset++;
        listed++;
      } else {
        cursorChunk++;
        cursorOffset = 0;
        ready = cursorChunk > rows.lastChunk();
      }
    }
    for (Part part : parts) {
      part.lists.sweepSome();
    }
  }

  /// Marks a row as dead. A search may still find it, and its place must not be used again before
  /// the index has freed it.
  void remove(int row) {
    int number = number(row);
    if (number >= 0) {
      parts[number / partRows].lists.markDead();
    }
    if (wanted) {
      goOn();
    }
  }

  /// Frees the place of a removed row that no reader holds, once it is in no list any more.
  void release(int row) {
    int number = number(row);
    if (number < 0) {
      rows.chunk(row).bucket.freeRow(row);
    } else {
      parts[number / partRows].lists.release(row);
    }
  }

  /// Finds the rows within a radius of a fingerprint, each once. Dead rows may be among them.
  ///
  /// @param query 4 words
  /// @param radius 0 to 256; above {@link #MAX_RADIUS} all rows are scanned
  /// @param found takes the references of the rows
  void search(long[] query, int radius, IntList found) {
    if (radius <= MAX_RADIUS) {
      wantLists();
    }
    candidates.begin(query, radius, found);
    if (ready && radius <= MAX_RADIUS) {
      for (Part part : parts) {
        part.lists.search(query, radius, candidates);
      }
      candidates.end();
    } else {
      for (int number = 1; number <= rows.lastChunk(); number++) {
        scan(rows.chunkNumbered(number));
      }
    }
  }

  /// Sees to it that there will be lists, if there are enough rows for them to pay.
  void wantLists() {
    wanted |= rows.used() >= listedRows;
    if (wanted && !ready) {
      goOn();
    }
  }

  /// Finds the rows of one bucket by a scan.
  void search(Bucket bucket, long[] query, int radius, IntList found) {
    candidates.begin(query, radius, found);
    for (Rows.Chunk chunk : bucket.rowChunks) {
      scan(chunk);
    }
  }

  private void scan(Rows.Chunk chunk) {
    Columns columns = chunk.columns;
    int hits =
        kernel.pairsWithin(
            columns.firstHalves, 0, chunk.used, candidates.query, candidates.radius, scanned);
    for (int i = 0; i < hits; i++) {
      if (columns.fingerprintDistance(scanned[i], candidates.query, candidates.radius)
          <= candidates.radius) {
        candidates.found.add(Rows.ref(chunk, scanned[i]));
      }
    }
  }

  /// Expected cost of a search, in nanoseconds; to choose between it and other ways.
  double cost(int radius) {
    if (!ready || radius > MAX_RADIUS) {
      return SCANNED_ROW_COST * rows.used() + SCANNED_CHUNK_COST * rows.lastChunk();
    }
    double cost = 0;
    for (Part part : parts) {
      cost += part.lists.cost();
    }
    return cost;
  }

  /// Expected cost of a search if all rows were listed; to see whether they should be.
  double costOfLists() {
    return FingerprintLists.cost(rows.used());
  }

  /// Expected cost of a scan of one bucket.
  static double scanCost(Bucket bucket) {
    return SCANNED_ROW_COST * bucket.usedRows() + SCANNED_CHUNK_COST * bucket.rowChunks.length;
  }

  long bytes() {
    long bytes = candidates.bytes() + 4L * scanned.length + 4L * unitRefs.length;
    for (Part part : parts) {
      bytes += part.lists.bytes();
    }
    return bytes;
  }

  /// Rows with consecutive numbers, from `first` on; numbers within it begin at 0.
  final class Part {
    private final int first;
    private final FingerprintLists lists = new FingerprintLists(this, rowsPerList);

    private Part(int first) {
      this.first = first;
    }

    int row(int number) {
      int at = first + number;
      return unitRefs[at >>> UNIT_BITS] + at % UNIT_ROWS;
    }

    boolean isLive(int number) {
      int row = row(number);
      return rows.isLive(rows.chunk(row).columns, Rows.offset(row));
    }

    Columns columns(int row) {
      return rows.chunk(row).columns;
    }

    /// Frees the place of a row that is in no list.
    void free(int row) {
      rows.chunk(row).bucket.freeRow(row);
    }
  }

  /// The rows that a search has to compare in full, and those that it has found.
  final class Candidates {
    private static final int MANY = 4096;

    private long[] query = {};
    private int radius;
    private IntList found = new IntList();

    /// Numbers of rows within the part that is read.
    final IntList numbers = new IntList();

    /// A bit for each row: whether it has been found.
    private long[] seen = {};

    /// Keeps the compiler from removing reads that only fill the cache.
    @SuppressWarnings("UnusedVariable")
    private long sink;

    private void begin(long[] soughtQuery, int soughtRadius, IntList takes) {
      query = soughtQuery;
      radius = soughtRadius;
      found = takes;
      if (units > seen.length) {
        seen = new long[units + units / 8];
      }
    }

    void checkIfMany(Part part) {
      if (numbers.size() >= MANY) {
        check(part);
      }
    }

    void check(Part part) {
      int count = numbers.size();
      // Rows lie anywhere in memory. With all read first, the waits for memory overlap.
      long touched = 0;
      for (int i = 0; i < count; i++) {
        int row = part.row(numbers.get(i));
        touched += part.columns(row).firstHalves[Rows.offset(row) * Columns.HALF_WORDS];
      }
      sink = touched;
      for (int i = 0; i < count; i++) {
        int number = numbers.get(i);
        int row = part.row(number);
        int at = part.first + number;
        long bit = 1L << at;
        if ((seen[at >>> UNIT_BITS] & bit) == 0
            && part.columns(row).fingerprintDistance(Rows.offset(row), query, radius) <= radius) {
          seen[at >>> UNIT_BITS] |= bit;
          found.add(row);
        }
      }
      numbers.clear();
    }

    private void end() {
      for (int i = 0; i < found.size(); i++) {
        seen[number(found.get(i)) >>> UNIT_BITS] = 0;
      }
    }

    private long bytes() {
      return (long) seen.length * Long.BYTES
          + numbers.bytes()
          + found.bytes()
          + 4L * scanned.length;
    }
  }
}
