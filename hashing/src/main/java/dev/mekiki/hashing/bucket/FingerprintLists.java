package dev.mekiki.hashing.bucket;

/// The 16 tables of the lists of one part of a {@link FingerprintIndex}. Rows are numbered within
/// the part, from 0. For one thread.
final class FingerprintLists {
  /// Entries swept with one change.
  private static final int SWEPT_AT_ONCE = 1024;

  private static final int SWEPT_SHARE = 8;
  private static final int SWEPT_FROM = 1024;

  private final FingerprintIndex.Part part;
  private final IntBlocks blocks = new IntBlocks();
  private final FingerprintTable[] tables = new FingerprintTable[FingerprintSlots.COUNT];
  private final FingerprintTable.Lists found = new FingerprintTable.Lists();
  private final FingerprintTable.Reader reader = new FingerprintTable.Reader(blocks);
  private final int[] addresses = new int[FingerprintSlots.COUNT];
  private final int[] ends = new int[FingerprintSlots.COUNT];

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

  FingerprintLists(FingerprintIndex.Part part) {
    this.part = part;
    for (int slot = 0; slot < tables.length; slot++) {
      tables[slot] = new FingerprintTable(blocks, slot);
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
      addresses[slot] = tables[slot].address(columns, offset);
      touched += tables[slot].touch(addresses[slot]);
    }
    sink = touched;
    for (int slot = 0; slot < tables.length; slot++) {
      tables[slot].add(addresses[slot], number, columns, offset);
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
    int inPair = radius / FingerprintSlots.PAIRS;
    boolean flips = inPair >= 2;
    found.size = 0;
    for (int slot = 0; slot < tables.length; slot++) {
      tables[slot].find(FingerprintSlots.value(query, slot), flips, found);
      ends[slot] = found.size;
    }
    // The first reads of lists do not wait for one another, and what they have read is in the cache
    // when the lists are compared.
    int touched = 0;
    for (int i = 0; i < found.size; i++) {
      int ref = found.refs[i];
      int[] chunk = blocks.chunk(ref);
      int at = IntBlocks.at(ref);
      int last = chunk.length - 1;
      touched +=
          chunk[at]
              + chunk[Math.min(at + IntBlocks.UNIT, last)]
              + chunk[Math.min(at + 2 * IntBlocks.UNIT, last)];
    }
    sink = touched;
    int from = 0;
    for (int slot = 0; slot < tables.length; slot++) {
      int value = FingerprintSlots.value(query, slot);
      int partner = FingerprintSlots.value(query, FingerprintSlots.partner(slot));
      for (int i = from; i < ends[slot]; i++) {
        boolean own = i == from;
        reader.read(
            found.refs[i],
            found.bits[i],
            value,
            partner,
            own ? inPair : inPair - 1,
            own && flips ? 1 : 0,
            candidates.numbers);
        candidates.checkIfMany(part);
      }
      from = ends[slot];
    }
    candidates.check(part);
  }

  /// Lists that a search reads.
  int listsRead() {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(tables[0].lists());
    return FingerprintSlots.COUNT * bits;
  }

  int listed() {
    return listed;
  }

  long bytes() {
    long bytes = blocks.bytes() + released.bytes();
    for (FingerprintTable table : tables) {
      bytes += table.bytes();
    }
    return bytes;
  }
}
