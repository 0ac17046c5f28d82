package dev.mekiki.hashing.bucket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// The rows of a partition: of each image its fingerprint, its id, the code it belongs to and the
/// next row of that code, in columns of chunks of up to 16,384. A chunk belongs to one bucket, so
/// that the fingerprints of a bucket lie together.
///
/// A reference to a row is the number of its chunk and its place there; 0 is none. A link to a row,
/// from its code or from the row before it, is the reference, or its complement if no row follows:
/// most codes have one row, and a search need not look for a second.
///
/// ## Which readers see a row
///
/// A row's state is 0 if there is no row, its code plus 1 if it was there before the oldest version
/// in use, else the complement of an entry of {@link RowVersions}, which says when the row was born
/// and when it died. So a row costs 4 bytes for this, and only rows born or removed a moment ago
/// cost more. The state is written last and read first (release, acquire): what it refers to is
/// complete when a reader sees it. A place is used again only when no reader can hold its reference
/// any more.
///
/// One thread writes.
final class Rows {
  static final int NONE = 0;

  private static final int CHUNK_BITS = 14;
  static final int CHUNK_ROWS = 1 << CHUNK_BITS;

  /// References are not negative: a link may be a complement.
  private static final int MAX_CHUNKS = 1 << (Integer.SIZE - 1 - CHUNK_BITS);

  private static final int FIRST_CAPACITY = 8;
  private static final int LATER_CAPACITY = 1024;
  private static final VarHandle COLUMNS = MethodHandles.arrayElementVarHandle(Columns[].class);

  private final IdArena ids;
  private final MetadataTable metadata;
  private Chunk[] chunks = new Chunk[16];

  /// The columns of each chunk, for readers.
  private volatile Columns[] columns = new Columns[16];

  /// Chunk 0 is left out: its first row would have the reference 0.
  private int chunkCount = 1;

  private int used;
  private final RowVersions versions = new RowVersions();

  /// Up to 16,384 rows of one bucket.
  ///
  /// Columns are replaced by longer ones as the chunk fills; readers of the shorter ones find there
  /// every row that their version has.
  static final class Chunk {
    final int number;
    final Bucket bucket;

    /// Which of its bucket's chunks this is.
    final int ordinal;

    /// For the writer: numbers of its rows in the {@link FingerprintIndex}, see there.
    int[] fingerprintUnits = {};

    /// For the writer; readers find them in {@link Rows#columns}.
    Columns columns;

    /// Rows used at any time.
    int used;

    Chunk(int number, Bucket bucket, int ordinal) {
      this.number = number;
      this.bucket = bucket;
      this.ordinal = ordinal;
      this.columns = new Columns(ordinal == 0 ? FIRST_CAPACITY : LATER_CAPACITY);
    }
  }

  Rows(IdArena ids, MetadataTable metadata) {
    this.ids = ids;
    this.metadata = metadata;
  }

  static int offset(int row) {
    return row & (CHUNK_ROWS - 1);
  }

  Columns columns(int row) {
    return (Columns) COLUMNS.getAcquire(columns, row >>> CHUNK_BITS);
  }

  Chunk chunk(int row) {
    return chunks[row >>> CHUNK_BITS];
  }

  /// A new chunk for a bucket.
  Chunk addChunk(Bucket bucket, int ordinal) {
    if (chunkCount == MAX_CHUNKS) {
      throw new IllegalStateException(
          ("rows of one partition: %d chunks in use (limit: %d, at least one for each bucket;"
                  + " spread the images over more partitions)")
              .formatted(chunkCount, MAX_CHUNKS));
    }
    Chunk chunk = new Chunk(chunkCount, bucket, ordinal);
    if (chunkCount == chunks.length) {
      int capacity = chunkCount + chunkCount / 2;
      chunks = Arrays.copyOf(chunks, capacity);
      columns = Arrays.copyOf(columns, capacity);
    }
    chunks[chunkCount++] = chunk;
    replace(chunk, chunk.columns);
    return chunk;
  }

  private void replace(Chunk chunk, Columns by) {
    chunk.columns = by;
    COLUMNS.setRelease(columns, chunk.number, by);
  }

  static int ref(Chunk chunk, int offset) {
    return (chunk.number << CHUNK_BITS) | offset;
  }

  /// A row never used, at the end of a chunk that is not full.
  int append(Chunk chunk) {
    int capacity = chunk.columns.capacity();
    if (chunk.used == capacity) {
      int more = Math.min(CHUNK_ROWS, capacity + Math.max(8, capacity / 5));
      replace(chunk, chunk.columns.withCapacity(more));
    }
    used++;
    return ref(chunk, chunk.used++);
  }

  /// Places used at any time.
  int used() {
    return used;
  }

  /// Number of the last chunk; the first has number 1.
  int lastChunk() {
    return chunkCount - 1;
  }

  Chunk chunkNumbered(int number) {
    return chunks[number];
  }

  static boolean isFull(Chunk chunk) {
    return chunk.used == CHUNK_ROWS;
  }

  /// Fills a row that no reader can hold, born in the given version. It is not in its code's chain
  /// yet.
  void birth(int row, int id, int code, IndexedImage image, long version) {
    Chunk chunk = chunk(row);
    int offset = offset(row);
    int attributes = metadata.add(image.metadata());
    if (attributes != MetadataTable.EMPTY && chunk.columns.metadata == null) {
      replace(chunk, chunk.columns.withMetadata());
    }
    Columns columns = chunk.columns;
    columns.fill(offset, image.fingerprint().code(), id, attributes);
    if (columns.next != null) {
      columns.next[offset] = NONE;
    }
    columns.setState(offset, ~versions.add(code, version, RowVersions.NEVER));
  }

  /// Ends a row in the given version.
  void death(int row, long version) {
    Columns columns = columns(row);
    int offset = offset(row);
    int state = columns.state(offset);
    if (state < 0) {
      versions.setDeath(~state, version);
    } else {
      columns.setState(offset, ~versions.add(state - 1, 0, version));
    }
  }

  /// For the writer: true if the row is there in the version that comes next.
  boolean isLive(Columns columns, int offset) {
    int state = columns.state(offset);
    return state > 0 || (state < 0 && versions.isAlive(~state));
  }

  /// For readers of a version.
  boolean isVisible(Columns columns, int offset, long version) {
    int state = columns.stateAcquired(offset);
    return state >= 0 ? state > 0 : versions.isVisible(~state, version);
  }

  /// Reads a row, to have it in the cache when it is looked at.
  int touch(int row) {
    Columns columns = columns(row);
    int offset = offset(row);
    return columns.state(offset) + columns.next(offset);
  }

  /// For the writer: the code that a row belongs or, if it has died, belonged to.
  int code(int row) {
    int state = columns(row).state(offset(row));
    if (state > 0) {
      return state - 1;
    }
    return versions.code(~state);
  }

  /// Marks a dead row that is to leave its chain at the next sweep.
  void markForSweep(int row) {
    versions.markForSweep(~columns(row).state(offset(row)));
  }

  boolean isMarkedForSweep(int row) {
    int state = columns(row).state(offset(row));
    return state < 0 && versions.isMarkedForSweep(~state);
  }

  /// Drops the versions of a row that every reader sees as born. Returns the entry that they had,
  /// or -1 if the row has died meanwhile.
  int settle(int row) {
    Columns columns = columns(row);
    int offset = offset(row);
    int entry = ~columns.state(offset);
    if (!versions.isAlive(entry)) {
      return -1;
    }
    columns.setState(offset, versions.code(entry) + 1);
    return entry;
  }

  void freeEntry(int entry) {
    versions.free(entry);
  }

  /// Forgets a dead row that is in no chain; its place may be filled again.
  void free(int row) {
    Columns columns = columns(row);
    int offset = offset(row);
    freeEntry(~columns.state(offset));
    columns.setState(offset, 0);
    ids.free(columns.id(offset));
    if (columns.metadata != null) {
      metadata.release(columns.metadata[offset]);
    }
  }

  /// The row of a link.
  static int row(int link) {
    return link < 0 ? ~link : link;
  }

  int next(int row) {
    return columns(row).next(offset(row));
  }

  void setNext(int row, int next) {
    Chunk chunk = chunk(row);
    if (chunk.columns.next == null) {
      if (next == NONE) {
        return;
      }
      replace(chunk, chunk.columns.withNext());
    }
    int[] column = chunk.columns.next;
    if (column != null) {
      column[offset(row)] = next;
    }
  }

  int id(int row) {
    return columns(row).id(offset(row));
  }

  long bytes() {
    long bytes = versions.bytes();
    bytes += 2L * chunks.length * Integer.BYTES;
    for (int number = 1; number < chunkCount; number++) {
      Chunk chunk = chunks[number];
      bytes += 4L * chunk.fingerprintUnits.length + chunk.columns.bytes() + CHUNK_OVERHEAD_BYTES;
    }
    return bytes;
  }

  /// Headers of a chunk's objects.
  private static final int CHUNK_OVERHEAD_BYTES = 128;
}
