package dev.mekiki.hashing.bucket;

import java.util.Arrays;

/// Finds the rows of one bucket whose fingerprint lies within 31 bits of a given one without
/// reading the others: multi-index hashing (M. Norouzi, A. Punjani, D. Fleet, Fast exact search in
/// Hamming space with multi-index hashing, 2014) with a second filter on each entry.
///
/// A fingerprint is cut into 16 slots of 16 bits ({@link FingerprintSlots}); slots s and s + 8 are
/// *partners*. Two fingerprints that differ in at most 31 bits differ in at most 3 bits in some
/// pair of partners, since 8 pairs with 4 bits each would make 32. In one slot of that pair they
/// then differ in at most one bit. So all rows are listed by the value of each slot, and a search
/// reads, for each slot, the list of its value and those of the 16 values one bit away: 272 lists.
///
/// An entry also holds 14 bits of the partner. They differ in at most 3 bits if the values are
/// equal, and in at most 2 if the values are one bit apart: of random entries 3 % and 0.6 % pass.
/// Only these rows are read and compared in full. Nothing is missed.
///
/// ## Layout
///
/// The rows are indexed in parts of up to 262,144 ({@link FingerprintPart}). A part has two arrays
/// for each slot: one of entries of 4 bytes (the row's number in the part and the partner's bits),
/// and one of where each list begins in it, 4 bytes for some 16 rows. Together that is 68 bytes a
/// row. A list is read from one or two places in memory, however many rows the bucket has.
///
/// ## Changes
///
/// The arrays are never changed in place. A new row is not in them and is found by a scan of the
/// rows added since. A removed row stays in them, dead, so that one of a million equal fingerprints
/// is removed as fast as any other; its place must not be used again meanwhile. When an eighth of
/// the rows is new or dead, and when a part is full, its arrays are rebuilt, one slot with each
/// change: no change waits for more than one slot of one part.
///
/// For one thread. Rows are numbered within the bucket, from 0; {@link Rows} keeps their
/// fingerprints.
final class FingerprintIndex {
  /// The largest distance for which the search misses nothing.
  static final int MAX_RADIUS = 31;

  private final Bucket bucket;
  private final Rows rows;
  private final FingerprintPart.Scratch scratch = new FingerprintPart.Scratch();
  private FingerprintPart[] parts = {};

  /// An index of the rows that the bucket has. It is ready some changes later.
  FingerprintIndex(Bucket bucket, Rows rows) {
    this.bucket = bucket;
    this.rows = rows;
    int used = bucket.usedRows();
    for (int number = 0; number < used; number += FingerprintPart.ROWS) {
      part(number).beginWith(Math.min(FingerprintPart.ROWS, used - number));
    }
  }

  /// True if a search finds all rows.
  boolean isReady() {
    for (FingerprintPart part : parts) {
      if (!part.isReady()) {
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
    FingerprintPart part = part(number);
    part.add(number % FingerprintPart.ROWS);
    rebuildSome(part);
  }

  /// Marks a row as dead. A search may still find it, and its place must not be used again before
  /// the index has returned it to the bucket.
  void remove(int row) {
    FingerprintPart part = part(number(rows.chunk(row), row));
    part.markDead();
    rebuildSome(part);
  }

  /// Rebuilds one more slot of a part, or starts to if that is due in the part that has changed.
  private void rebuildSome(FingerprintPart changed) {
    for (FingerprintPart part : parts) {
      if (part.isRebuilding()) {
        part.rebuildNext();
        return;
      }
    }
    changed.beginRebuildIfDue();
  }

  /// Returns a removed row that no reader holds to the bucket, once it is in no list any more.
  void release(int row) {
    part(number(rows.chunk(row), row)).release(row);
  }

  /// Returns all released rows to the bucket; the index must not be used any more.
  void close() {
    for (FingerprintPart part : parts) {
      part.releaseAll();
    }
  }

  private FingerprintPart part(int number) {
    int ordinal = number / FingerprintPart.ROWS;
    while (ordinal >= parts.length) {
      parts = Arrays.copyOf(parts, parts.length + 1);
      parts[parts.length - 1] = new FingerprintPart(bucket, rows, scratch, parts.length - 1);
    }
    return parts[ordinal];
  }

  /// Finds the numbers of the rows within a radius of a fingerprint, each once. Dead rows may be
  /// among them.
  ///
  /// @param query 4 words
  /// @param radius at most {@link #MAX_RADIUS}
  /// @param found takes the numbers
  void search(long[] query, int radius, IntList found) {
    for (FingerprintPart part : parts) {
      part.search(query, radius, found);
    }
    found.sortDistinct();
  }

  /// Expected cost of a search, in nanoseconds; to choose between it and a scan.
  double cost() {
    double cost = 0;
    for (FingerprintPart part : parts) {
      cost += part.cost();
    }
    return cost;
  }

  long bytes() {
    long bytes = 0;
    for (FingerprintPart part : parts) {
      bytes += part.bytes();
    }
    return bytes;
  }
}
