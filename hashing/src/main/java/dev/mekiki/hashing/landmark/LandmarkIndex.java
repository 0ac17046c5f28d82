package dev.mekiki.hashing.landmark;

import dev.mekiki.hashing.lists.IntList;
import dev.mekiki.hashing.lists.KeyTable;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Finds the pictures that share landmarks with one.
///
/// Each landmark of a row is listed under each of its keys, in a {@link KeyTable} for each key. A
/// picture looks up the keys of all its landmarks, as they are and with their least certain bit
/// changed, for itself and for its mirror image. Rows that come up twice or more are voted on
/// ({@link Voting}); a pair of landmarks that shares most of its keys is enough by itself. The
/// hashes themselves are not kept: votes do what comparing them would do.
///
/// A removed row stays listed, dead, until an eighth of the rows is dead; then the lists are swept,
/// some with each change, and its number is used again. Nothing is ever rebuilt.
///
/// What recurs in very many pictures is read in part only: of one key {@link #MAX_OF_A_KEY}
/// landmarks. So a picture of which there are more copies than that is found in some of them.
///
/// For one thread; while it does not write, others may read, each with a {@link LandmarkReader} of
/// its own.
public final class LandmarkIndex {
  /// Largest number of landmarks that are read of one key.
  public static final int MAX_OF_A_KEY = 64;

  /// Where the section begins in a key: the address may take all bits below.
  private static final int SECTION_SHIFT = KeyTable.KEY_BITS - KeyTable.SECTION_BITS;

  /// So that a section takes two lines of the cache, beside the one that says where it begins.
  private static final int ENTRIES_PER_LIST = 512;

  private static final int LANDMARK_BITS = 5;

  /// Largest number of rows.
  public static final int MAX_ROWS = 1 << (KeyTable.numberBits(SECTION_SHIFT) - LANDMARK_BITS);

  /// Rows up to which all variants of a key are looked up. Beyond, the first two are: each costs as
  /// much time as rows, and proposes as many wrong pictures.
  private static final int MAX_FEW_ROWS = 100_000;

  private static final int VARIANTS_OF_MANY = 2;

  private static final int BLOCK_BITS = 10;
  private static final int BLOCK_ROWS = 1 << BLOCK_BITS;

  private static final int SWEPT_AT_ONCE = 4096;
  private static final int SWEPT_SHARE = 8;
  private static final int SWEPT_FROM = 1024;

  private final KeyTable[] tables = new KeyTable[PatchHash.KEYS];
  private final LandmarkReader reader = new LandmarkReader();

  /// By row and landmark, in blocks of rows: frames.
  private int[][] frames = {};

  /// By row: number of its landmarks; {@link #DEAD} for one that was removed or never added.
  private byte[] sizes = {};

  private static final byte DEAD = -1;

  /// Rows that were ever used, and those that live.
  private int used;

  private int live;

  /// Rows that may be used again.
  private final IntList free = new IntList();

  /// Rows that are dead and still listed. The first of them died before the sweep under way began.
  private final IntList dead = new IntList();

  private int sweptDead;
  private int sweptTable = PatchHash.KEYS;
  private int sweptList;

  private final int maxFewRows;

  /// An empty index.
  public LandmarkIndex() {
    this(MAX_FEW_ROWS);
  }

  /// @param maxFewRows rows up to which all variants of a key are looked up
  LandmarkIndex(int maxFewRows) {
    this.maxFewRows = maxFewRows;
    for (int key = 0; key < tables.length; key++) {
      tables[key] = new KeyTable(SECTION_SHIFT, ENTRIES_PER_LIST, key);
    }
  }

  /// How many variants of a key are looked up.
  int variants() {
    return live <= maxFewRows ? PatchHash.VARIANTS : VARIANTS_OF_MANY;
  }

  /// Adds a picture.
  ///
  /// @return the number of its row, from 0 on; those of removed rows are used again
  /// @throws IllegalStateException if there are {@link #MAX_ROWS}
  public int add(StoredLandmarks landmarks) {
    int row = freeRow();
    int[] block = frames[row >>> BLOCK_BITS];
    int first = (row & (BLOCK_ROWS - 1)) << LANDMARK_BITS;
    for (int i = 0; i < landmarks.size(); i++) {
      block[first + i] = landmarks.frame(i);
      int number = row << LANDMARK_BITS | i;
      for (int key = 0; key < tables.length; key++) {
        tables[key].add(landmarks.key(i, key), number);
      }
    }
    sizes[row] = (byte) landmarks.size();
    live++;
    sweepSome();
    return row;
  }

  private int freeRow() {
    if (free.size() > 0) {
      int row = free.get(free.size() - 1);
      free.keepFirst(free.size() - 1);
      return row;
    }
    if (used == MAX_ROWS) {
      throw new IllegalStateException(
          "landmarks: %d pictures in one partition (expected: at most %d; use more partitions)"
              .formatted(used, MAX_ROWS));
    }
    int block = used >>> BLOCK_BITS;
    if (block == frames.length) {
      frames = Arrays.copyOf(frames, block + 1 + block / 8);
    }
    if (frames[block] == null) {
      frames[block] = new int[BLOCK_ROWS << LANDMARK_BITS];
    }
    if (used == sizes.length) {
      sizes = Arrays.copyOf(sizes, used + Math.max(BLOCK_ROWS, used / 8));
      Arrays.fill(sizes, used, sizes.length, DEAD);
    }
    for (KeyTable table : tables) {
      table.grow(((used + 1) << LANDMARK_BITS) - 1);
    }
    return used++;
  }

  /// Removes a picture.
  ///
  /// @param row as {@link #add} has returned it
  public void remove(int row) {
    if (row < 0 || row >= used || sizes[row] == DEAD) {
      throw new IllegalArgumentException("row: %d (expected: one that is there)".formatted(row));
    }
    sizes[row] = DEAD;
    live--;
    dead.add(row);
    sweepSome();
  }

  /// Goes on with a sweep, or begins one if there are enough dead rows.
  private void sweepSome() {
    if (sweptTable == PatchHash.KEYS) {
      if (dead.size() > Math.max(SWEPT_FROM, live / SWEPT_SHARE)) {
        sweptTable = 0;
        sweptList = 0;
        sweptDead = dead.size();
      }
      return;
    }
    KeyTable table = tables[sweptTable];
    sweptList = table.sweep(sweptList, SWEPT_AT_ONCE, number -> isLive(number >>> LANDMARK_BITS));
    if (sweptList == table.lists()) {
      sweptList = 0;
      sweptTable++;
      if (sweptTable == PatchHash.KEYS) {
        for (int i = 0; i < sweptDead; i++) {
          free.add(dead.get(i));
        }
        dead.dropFirst(sweptDead);
      }
    }
  }

  private boolean isLive(int row) {
    return sizes[row] != DEAD;
  }

  /// The pictures that share landmarks with one, those with most votes first, then by row.
  ///
  /// @param minVotes least number of votes, at least 2
  public List<LandmarkCandidate> candidates(SoughtLandmarks sought, int minVotes) {
    return candidates(sought, minVotes, null);
  }

  /// The same among some rows.
  ///
  /// @param rows which rows may be found; null for all
  public List<LandmarkCandidate> candidates(
      SoughtLandmarks sought, int minVotes, @Nullable IntPredicate rows) {
    return reader.candidates(this, sought, minVotes, rows);
  }

  KeyTable table(int key) {
    return tables[key];
  }

  /// The frame of a landmark, packed.
  ///
  /// @param number of the row and the landmark, as in the tables
  int frame(int number) {
    return frames[number >>> (LANDMARK_BITS + BLOCK_BITS)][
        number & ((BLOCK_ROWS << LANDMARK_BITS) - 1)];
  }

  /// Whether a landmark belongs to a row that lives.
  boolean isLandmark(int number) {
    return isLive(number >>> LANDMARK_BITS);
  }

  /// The row of a landmark.
  static int row(int number) {
    return number >>> LANDMARK_BITS;
  }

  /// Number of pictures.
  public int size() {
    return live;
  }

  /// Landmarks with a key of those that were looked for: how many all look-ups so far have read.
  public long landmarksRead() {
    return reader.landmarksRead();
  }

  /// Heap bytes that the structure holds.
  public long bytes() {
    long bytes = sizes.length + free.bytes() + dead.bytes() + 8L * frames.length;
    for (int[] block : frames) {
      bytes += block == null ? 0 : 4L * block.length;
    }
    for (KeyTable table : tables) {
      bytes += table.bytes();
    }
    return bytes;
  }
}
