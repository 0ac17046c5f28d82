package dev.mekiki.hashing.bucket;

/// The tables of the lists of one part of a {@link FingerprintIndex}. Rows are numbered within the
/// part, from 0. For one thread.
final class FingerprintLists {
  // Nanoseconds as measured on one machine; only their ratios to those of the other ways to find
  // candidates matter.
  private static final double LIST_COST = 450;
  private static final double OTHER_LIST_COST = 150;
  private static final double ENTRY_COST = 0.3;

  /// Read of the list of the own window: its section, and those that differ in one bit.
  private static final int OWN_SECTIONS = 5;

  /// Entries swept with one change.
  private static final int SWEPT_AT_ONCE = 1024;

  private static final int SWEPT_SHARE = 8;
  private static final int SWEPT_FROM = 1024;

  private final FingerprintIndex.Part part;
  private final FingerprintTable[] tables = new FingerprintTable[FingerprintSlots.COUNT];
  private final FingerprintReader reader = new FingerprintReader();

  /// Of the row that is listed, by slot.
  private final int[] windows = new int[FingerprintSlots.COUNT];

  /// Rows listed, dead ones that the last sweep left out included.
  private int listed;

  /// Rows that died since the sweep under way or the last one began.
  private int dead;

  /// The table that is swept; all of them if no sweep is under way.
  private int sweptTables = FingerprintSlots.COUNT;

  private int sweptLists;

  /// Rows that died before it began.
  private int sweepTakes;

  /// Rows that no reader holds any more. Those up to {@link #releasedBefore} were released before
  /// the sweep began.
  private final IntList released = new IntList();

  private int releasedBefore;

  /// Keeps the compiler from removing reads that only fill the cache.
  @SuppressWarnings("UnusedVariable")
  private int sink;

  FingerprintLists(FingerprintIndex.Part part, int rowsPerList) {
    this.part = part;
    for (int slot = 0; slot < tables.length; slot++) {
      tables[slot] = new FingerprintTable(slot, rowsPerList);
    }
  }

  void add(int number) {
    int row = part.row(number);
    Columns columns = part.columns(row);
    int offset = Rows.offset(row);
    for (FingerprintTable table : tables) {
      table.grow(number);
    }
    // The reads of all tables do not wait for one another.
    int touched = 0;
    for (int slot = 0; slot < tables.length; slot++) {
      windows[slot] = FingerprintSlots.window(columns, offset, slot);
      touched += tables[slot].touch(windows[slot]);
    }
    sink = touched;
    for (int slot = 0; slot < tables.length; slot++) {
      tables[slot].add(windows[slot], number);
    }
    listed++;
  }

  void markDead() {
    dead++;
  }

  /// A row that died and that no reader holds; it is free after the next sweep.
  void release(int row) {
    released.add(row);
  }

  /// Goes on with a sweep, or begins one if there are enough dead rows.
  void sweepSome() {
    if (sweptTables == FingerprintSlots.COUNT) {
      if (dead > Math.max(SWEPT_FROM, listed / SWEPT_SHARE)) {
        sweptTables = 0;
        sweptLists = 0;
        sweepTakes = dead;
        dead = 0;
        releasedBefore = released.size();
      }
      return;
    }
    FingerprintTable table = tables[sweptTables];
    sweptLists = table.sweep(sweptLists, SWEPT_AT_ONCE, part::isLive);
    if (sweptLists == table.lists()) {
      sweptLists = 0;
      sweptTables++;
      if (sweptTables == FingerprintSlots.COUNT) {
        listed -= sweepTakes;
        for (int i = 0; i < releasedBefore; i++) {
          part.free(released.get(i));
        }
        released.dropFirst(releasedBefore);
      }
    }
  }

  /// Notes the numbers of rows that may lie within a radius of a fingerprint, among them all that
  /// do, some more than once.
  void search(long[] query, int radius, FingerprintIndex.Candidates candidates) {
    int nextLimit = 2 * radius / FingerprintSlots.COUNT;
    int limit = 3 * radius / FingerprintSlots.COUNT;
    reader.clear();
    for (int slot = 0; slot < tables.length; slot++) {
      tables[slot].find(FingerprintSlots.window(query, slot), limit, nextLimit, reader);
    }
    reader.prepare();
    for (int i = 0; i < reader.size(); i++) {
      reader.read(i, candidates.numbers);
      candidates.checkIfMany(part);
    }
    candidates.check(part);
  }

  /// Expected cost of a search, in nanoseconds.
  double cost() {
    return cost(listed);
  }

  /// Expected cost of a search among so many rows, in nanoseconds.
  static double cost(int rows) {
    int lists = FingerprintTable.lists(rows, FingerprintTable.ROWS_PER_LIST);
    int others = FingerprintTable.otherListsRead(lists);
    double sections = OWN_SECTIONS + others;
    double entries = sections / FingerprintTable.SECTIONS * rows / lists;
    return FingerprintSlots.COUNT * (LIST_COST + OTHER_LIST_COST * others + ENTRY_COST * entries);
  }

  long bytes() {
    long bytes = released.bytes();
    for (FingerprintTable table : tables) {
      bytes += table.bytes();
    }
    return bytes;
  }
}
