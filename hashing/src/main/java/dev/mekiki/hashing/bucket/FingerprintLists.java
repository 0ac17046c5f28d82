package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.lists.IntList;
import dev.mekiki.hashing.lists.KeyTable;

/// The tables of the lists of one part of a {@link FingerprintIndex}. Rows are numbered within the
/// part, from 0. For one thread.
///
/// A row is listed once for each slot, by the window of its fingerprint that begins there ({@link
/// FingerprintSlots}). The address of a list consists of bits of the slot and, while there are more
/// than 256 lists, of the next one; sections go by the highest 4 bits of the next slot. Once there
/// are 4,096 lists, they grow.
final class FingerprintLists {
  /// Where the bits of the section begin in a window.
  private static final int SECTION_SHIFT = 2 * FingerprintSlots.BITS - KeyTable.SECTION_BITS;

  /// Bits of the numbers of rows.
  static final int ROW_BITS = KeyTable.numberBits(SECTION_SHIFT);

  /// Entries of a list on average, from 131,072 to 2 million rows.
  static final int ROWS_PER_LIST = 512;

  /// Largest number of lists that a search reads of all tables.
  static final int MAX_LISTS_READ =
      FingerprintSlots.COUNT * (1 + SECTION_SHIFT - KeyTable.MIN_ADDRESS_BITS);

  /// The bits of the next slot in an entry.
  private static final int NEXT_SLOT_MASK =
      ((1 << SECTION_SHIFT) - (1 << FingerprintSlots.BITS)) << KeyTable.EXTRA_BITS;

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
  private final KeyTable[] tables = new KeyTable[FingerprintSlots.COUNT];
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
      tables[slot] = new KeyTable(SECTION_SHIFT, rowsPerList, slot);
    }
  }

  void add(int number) {
    int row = part.row(number);
    Columns columns = part.columns(row);
    int offset = Rows.offset(row);
    for (KeyTable table : tables) {
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
    KeyTable table = tables[sweptTables];
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
      find(tables[slot], FingerprintSlots.window(query, slot), limit, nextLimit);
    }
    reader.prepare();
    for (int i = 0; i < reader.size(); i++) {
      reader.read(i, candidates.numbers);
      candidates.checkIfMany(part);
    }
    candidates.check(part);
  }

  /// Adds to the reader what a search must read: the list of a window and, where the next slot may
  /// differ, those of the windows that differ in one of its bits.
  ///
  /// @param limit largest number of bits in which the windows may differ
  /// @param nextLimit largest number of bits in which the next slot may differ
  private void find(KeyTable table, int window, int limit, int nextLimit) {
    int own = table.address(window);
    addList(table, own, window, limit, nextLimit);
    if (nextLimit > 0) {
      int bits = table.bits(own);
      for (int bit = FingerprintSlots.BITS; bit < bits; bit++) {
        addList(table, table.address(window ^ (1 << bit)), window, limit - 1, nextLimit - 1);
      }
    }
  }

  private void addList(KeyTable table, int address, int window, int limit, int nextLimit) {
    int bits = table.bits(address);
    reader.addList(
        table.list(address),
        table.section(window),
        table.entry(window, bits),
        bits + KeyTable.EXTRA_BITS,
        limit,
        nextLimit);
  }

  /// The bits of the next slot in an entry.
  static int nextSlot(int entry) {
    return entry & NEXT_SLOT_MASK;
  }

  /// Expected cost of a search, in nanoseconds.
  double cost() {
    return cost(listed);
  }

  /// Expected cost of a search among so many rows, in nanoseconds.
  static double cost(int rows) {
    int lists = KeyTable.lists(rows, ROWS_PER_LIST, 1 << SECTION_SHIFT);
    int others = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(lists) - KeyTable.MIN_ADDRESS_BITS;
    double sections = OWN_SECTIONS + others;
    double entries = sections / KeyTable.SECTIONS * rows / lists;
    return FingerprintSlots.COUNT * (LIST_COST + OTHER_LIST_COST * others + ENTRY_COST * entries);
  }

  long bytes() {
    long bytes = released.bytes();
    for (KeyTable table : tables) {
      bytes += table.bytes();
    }
    return bytes;
  }
}
