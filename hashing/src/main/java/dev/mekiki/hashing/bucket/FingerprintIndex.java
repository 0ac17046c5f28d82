package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.scan.HammingKernel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Finds the rows of a partition whose fingerprint lies within 31 bits of a given one without
/// reading the others: multi-index hashing (M. Norouzi, A. Punjani, D. Fleet, Fast exact search in
/// Hamming space with multi-index hashing, 2014) with a second filter on each entry.
///
/// A fingerprint is cut into 16 slots of 16 bits ({@link FingerprintSlots}); slots s and s + 8 are
/// *partners*. Two fingerprints that differ in at most 31 bits differ in at most 3 bits in some
/// pair of partners, since 8 pairs with 4 bits each would make 32. In one slot of that pair they
/// then differ in at most one bit. So all rows are listed by the value of each slot ({@link
/// FingerprintTable}), and a search reads, for each slot, the lists of its value and of the 16
/// values one bit away. While there are few rows a list holds many values, told by some of their
/// bits: in a part of 2^n rows, n - 5 bits at most, and a search reads as many lists and one more
/// of each table.
///
/// An entry also holds the rest of the value and 10 bits of the partner. They differ in at most 3
/// bits if the values are equal, and in at most 2 if the values are one bit apart: of random
/// entries few pass. Only these rows are read and compared in full. Nothing is missed.
///
/// ## Parts
///
/// Rows are indexed in parts of up to 4,194,304. A part is scanned until it has {@link
/// #LISTED_ROWS}: memory is read so much faster in sequence that this costs less than some 200
/// lists anywhere in it, and no lists take no memory. From then on each change lists a few of the
/// rows that were there before, and the scan goes on until all are listed. A part that shrinks
/// keeps its lists: a scan reads all places, those of rows that are gone as well.
///
/// ## Changes
///
/// A row is listed when it is added, in all 16 tables. A removed row stays in them, dead, so that
/// one of a million equal fingerprints is removed as fast as any other; its place must not be used
/// again meanwhile. When an eighth of the rows is dead, they are swept out, some lists with each
/// change. Nothing is ever rebuilt.
///
/// For one thread.
final class FingerprintIndex {
  /// The largest distance for which the lists miss nothing.
  static final int MAX_RADIUS = 31;

  /// A part with this many rows gets lists.
  static final int LISTED_ROWS = 1 << 16;

  // Nanoseconds as measured on one machine; only their ratios to those of the other ways to find
  // candidates matter.
  private static final double LIST_COST = 110;
  private static final double LISTED_ROW_COST = 0.01;
  private static final double SCANNED_ROW_COST = 0.33;

  /// Rows listed with one change, of those that were there before the lists.
  private static final int LISTED_AT_ONCE = 64;

  private final Rows rows;
  private final HammingKernel kernel = HammingKernel.chosen();
  private final Candidates candidates = new Candidates();
  private Part[] parts = {};

  private final int partRows;
  private final int listedRows;

  FingerprintIndex(Rows rows) {
    this(rows, 1 << FingerprintTable.ROW_BITS, LISTED_ROWS);
  }

  /// @param partRows rows of a part, whole chunks
  /// @param listedRows rows from which on a part has lists
  FingerprintIndex(Rows rows, int partRows, int listedRows) {
    this.rows = rows;
    this.partRows = partRows;
    this.listedRows = listedRows;
  }

  /// The number of a row: they are numbered from 0, and chunk 0 is left out.
  private static int number(int row) {
    return row - Rows.CHUNK_ROWS;
  }

  private Part part(int row) {
    int ordinal = number(row) / partRows;
    if (ordinal == parts.length) {
      parts = Arrays.copyOf(parts, ordinal + 1);
      parts[ordinal] = new Part(ordinal * partRows);
    }
    return parts[ordinal];
  }

  /// Adds a row that is live.
  void add(int row) {
    part(row).add(number(row) % partRows);
  }

  /// Marks a row as dead. A search may still find it, and its place must not be used again before
  /// the index has freed it.
  void remove(int row) {
    part(row).remove();
  }

  /// Frees the place of a removed row that no reader holds, once it is in no list any more.
  void release(int row) {
    part(row).release(row);
  }

  /// Finds the rows within a radius of a fingerprint, each once. Dead rows may be among them.
  ///
  /// @param query 4 words
  /// @param radius 0 to 256; above {@link #MAX_RADIUS} all rows are scanned
  /// @param found takes the references of the rows
  void search(long[] query, int radius, IntList found) {
    candidates.begin(query, radius, found);
    for (Part part : parts) {
      part.search();
    }
    candidates.end();
  }

  /// Expected cost of a search, in nanoseconds; to choose between it and other ways.
  double cost(int radius) {
    double cost = 0;
    for (Part part : parts) {
      cost += part.cost(radius);
    }
    return cost;
  }

  long bytes() {
    long bytes = candidates.bytes();
    for (Part part : parts) {
      bytes += part.bytes();
    }
    return bytes;
  }

  /// The rows from a number on, up to 4,194,304 of them.
  final class Part {
    private final int first;
    private @Nullable FingerprintLists lists;

    /// Rows from this number on are in no list; none once the lists are ready.
    private int listedUpTo;

    private Part(int first) {
      this.first = first;
    }

    private int used() {
      return Math.min(partRows, rows.used() - first);
    }

    private void add(int number) {
      if (lists == null && used() >= listedRows) {
        lists = new FingerprintLists(this);
      }
      if (lists != null) {
        if (number < listedUpTo) {
          lists.add(number);
        }
        listSome(lists);
        lists.sweepSome();
      }
    }

    /// Lists a few more of the rows that were there before the lists.
    private void listSome(FingerprintLists all) {
      int until = Math.min(used(), listedUpTo + LISTED_AT_ONCE);
      for (; listedUpTo < until; listedUpTo++) {
        if (isLive(listedUpTo)) {
          all.add(listedUpTo);
        }
      }
    }

    private void remove() {
      if (lists != null) {
        lists.markDead();
        listSome(lists);
        lists.sweepSome();
      }
    }

    private void release(int row) {
      if (lists == null) {
        rows.freePlace(row);
      } else {
        lists.release(row);
      }
    }

    /// Frees the place of a row that is in no list.
    void free(int row) {
      rows.freePlace(row);
    }

    private int row(int number) {
      return first + number + Rows.CHUNK_ROWS;
    }

    Rows.Columns columns(int number) {
      return rows.chunk(row(number)).columns;
    }

    boolean isLive(int number) {
      return rows.isLive(columns(number), Rows.offset(number));
    }

    private void search() {
      if (lists == null || listedUpTo < used() || candidates.radius > MAX_RADIUS) {
        scan();
      } else {
        lists.search(candidates.query, candidates.radius, candidates);
      }
    }

    private void scan() {
      int used = used();
      for (int from = 0; from < used; from += Rows.CHUNK_ROWS) {
        Rows.Columns columns = columns(from);
        int hits =
            kernel.pairsWithin(
                columns.firstHalves,
                0,
                Math.min(Rows.CHUNK_ROWS, used - from),
                candidates.query,
                candidates.radius,
                candidates.scanned);
        for (int i = 0; i < hits; i++) {
          candidates.numbers.add(from + candidates.scanned[i]);
        }
        candidates.check(this);
      }
    }

    private double cost(int radius) {
      FingerprintLists all = lists;
      return all == null || listedUpTo < used() || radius > MAX_RADIUS
          ? SCANNED_ROW_COST * used()
          : LIST_COST * all.listsRead() + LISTED_ROW_COST * all.listed();
    }

    private long bytes() {
      return lists == null ? 0 : lists.bytes();
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

    private final int[] scanned = new int[Rows.CHUNK_ROWS];

    /// A bit for each row: whether it has been found.
    private long[] seen = {};

    /// Keeps the compiler from removing reads that only fill the cache.
    @SuppressWarnings("UnusedVariable")
    private long sink;

    private void begin(long[] soughtQuery, int soughtRadius, IntList takes) {
      query = soughtQuery;
      radius = soughtRadius;
      found = takes;
      int words = (rows.used() + Rows.CHUNK_ROWS) / Long.SIZE + 1;
      if (words > seen.length) {
        seen = new long[words + words / 8];
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
        int number = numbers.get(i);
        touched += part.columns(number).firstHalves[Rows.offset(number) * Rows.HALF_WORDS];
      }
      sink = touched;
      for (int i = 0; i < count; i++) {
        int number = numbers.get(i);
        int row = part.row(number);
        long bit = 1L << row;
        if ((seen[row >>> 6] & bit) == 0
            && part.columns(number).fingerprintDistance(Rows.offset(number), query, radius)
                <= radius) {
          seen[row >>> 6] |= bit;
          found.add(row);
        }
      }
      numbers.clear();
    }

    private void end() {
      for (int i = 0; i < found.size(); i++) {
        seen[found.get(i) >>> 6] = 0;
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
