package dev.mekiki.hashing.bucket;

import java.util.Arrays;

/// One of the tables of {@link FingerprintLists}: rows by the window of their fingerprints that
/// begins at one slot ({@link FingerprintSlots}).
///
/// A list holds the entries of all windows that begin with the same bits: those of the slot and,
/// while there are more than 256 lists, some of the next slot. Lists are split one at a time as the
/// part grows (linear hashing, W. Litwin, 1980), so that one has about 512 entries; once there are
/// 4,096, they grow. Within a list the entries lie in 16 sections, by the highest 4 bits of the
/// next slot.
///
/// An entry is, from the lowest bit: the row's number, and the bits of the window that its list and
/// section do not fix. While the address of a list fixes b bits, a number has b + 12 bits. A split
/// gives one more bit to the address of a list, and just where that bit was in the entry the number
/// gets its next: no row is read for it.
///
/// A list is an array: where each section ends, and the entries. Memory is read by pages and lines:
/// five sections of one list cost less than five lists.
///
/// For one thread.
final class FingerprintTable {
  static final int SECTION_BITS = 4;
  static final int SECTIONS = 1 << SECTION_BITS;

  /// Where the bits of the section begin in a window.
  private static final int SECTION_SHIFT = 2 * FingerprintSlots.BITS - SECTION_BITS;

  private static final int MIN_ADDRESS_BITS = FingerprintSlots.BITS;
  private static final int MAX_ADDRESS_BITS = SECTION_SHIFT;

  /// Bits of a number beyond those of a list's address.
  private static final int EXTRA_BITS =
      Integer.SIZE - (FingerprintSlots.WINDOW_BITS - SECTION_BITS);

  /// Bits of the numbers of rows.
  static final int ROW_BITS = MAX_ADDRESS_BITS + EXTRA_BITS;

  /// Entries of a list on average, from 131,072 to 2 million rows.
  static final int ROWS_PER_LIST = 512;

  /// The bits of the next slot in an entry.
  private static final int NEXT_SLOT_MASK =
      ((1 << SECTION_SHIFT) - (1 << FingerprintSlots.BITS)) << EXTRA_BITS;

  /// Places behind the entries, so that whole vectors can be compared.
  private static final int SPARE = 16;

  private static final int[] EMPTY = new int[SECTIONS + SPARE];

  static {
    Arrays.fill(EMPTY, 0, SECTIONS, SECTIONS);
  }

  private final int slot;
  private final int rowsPerList;

  /// Number of lists.
  private int lists = 1 << MIN_ADDRESS_BITS;

  /// By address: the places after the last of each section, and the entries of all sections.
  private int[][] entries = new int[lists][];

  /// The power of two at or below the number of lists, and its logarithm.
  private int level = lists;

  private int levelBits = MIN_ADDRESS_BITS;

  /// Of all lists.
  private long bytes;

  FingerprintTable(int slot, int rowsPerList) {
    this.slot = slot;
    this.rowsPerList = rowsPerList;
    Arrays.fill(entries, EMPTY);
  }

  /// The address of a window's list.
  private int address(int window) {
    int address = window & (2 * level - 1);
    return address < lists ? address : address & (level - 1);
  }

  /// Bits of a window that the address of its list fixes.
  private int bits(int address) {
    return levelBits + (address >= level || address < lists - level ? 1 : 0);
  }

  private static int section(int window) {
    return (window >>> SECTION_SHIFT) & (SECTIONS - 1);
  }

  /// The part of an entry that is compared.
  private static int entry(int window, int bits) {
    int low = window & ((1 << SECTION_SHIFT) - 1);
    int others = low | (window >>> (SECTION_SHIFT + SECTION_BITS) << SECTION_SHIFT);
    return others >>> bits << (bits + EXTRA_BITS);
  }

  private static int end(int[] list) {
    return list[SECTIONS - 1];
  }

  /// Splits lists until there are enough for numbers up to the given one. At the same time as in
  /// other tables another list is split, since some lists may be very long in all of them.
  void grow(int number) {
    int enough = lists(number + slot * rowsPerList, rowsPerList);
    while (lists < enough) {
      split();
    }
  }

  /// Number of lists for numbers up to the given one.
  static int lists(int number, int rowsPerList) {
    return Math.clamp(number / rowsPerList + 1, 1 << MIN_ADDRESS_BITS, 1 << MAX_ADDRESS_BITS);
  }

  /// How many of so many lists a search reads, beside that of its window.
  static int otherListsRead(int lists) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(lists) - MIN_ADDRESS_BITS;
  }

  /// Reads of a window's list what is read first, to have it in the cache.
  int touch(int window) {
    return end(entries[address(window)]);
  }

  /// Lists a row.
  ///
  /// @param window of the row
  /// @param number not more than the one last given to {@link #grow}
  void add(int window, int number) {
    int address = address(window);
    append(address, section(window), entry(window, bits(address)) | number);
  }

  /// Adds an entry to a section. Of each later section the first entry becomes the last: the order
  /// within a section does not matter.
  private void append(int address, int section, int entry) {
    int[] list = entries[address];
    if (end(list) + SPARE == list.length) {
      list = resized(address, roomFor(end(list) - SECTIONS));
    }
    for (int later = SECTIONS - 1; later > section; later--) {
      list[list[later]++] = list[list[later - 1]];
    }
    list[list[section]++] = entry;
  }

  /// Room for some more entries. Lists of other tables, which may be as long, get room at other
  /// times.
  private int roomFor(int count) {
    return count + count / 8 + FIRST_ROOM + (count >= FIRST_ROOM ? 0 : slot % FIRST_ROOM);
  }

  private static final int FIRST_ROOM = 8;

  private int[] resized(int address, int room) {
    int[] list = entries[address];
    int[] resized = new int[SECTIONS + room + SPARE];
    System.arraycopy(list, 0, resized, 0, end(list));
    bytes += bytes(resized) - (list.length == EMPTY.length ? 0 : bytes(list));
    entries[address] = resized;
    return resized;
  }

  private static long bytes(int[] array) {
    return ARRAY_HEADER_BYTES + (long) array.length * Integer.BYTES;
  }

  private static final int ARRAY_HEADER_BYTES = 16;

  private void split() {
    int from = lists - level;
    int to = lists;
    if (to == entries.length) {
      entries = Arrays.copyOf(entries, Math.min(1 << MAX_ADDRESS_BITS, to + to / 4));
      Arrays.fill(entries, to, entries.length, EMPTY);
    }
    int bit = 1 << (levelBits + EXTRA_BITS);
    lists++;
    if (lists == 2 * level) {
      level = lists;
      levelBits++;
    }
    keep(
        from,
        (section, entry) -> {
          if ((entry & bit) == 0) {
            return true;
          }
          append(to, section, entry & ~bit);
          return false;
        });
  }

  /// Takes the entries of a list that are not to be kept out of it.
  ///
  /// @return how many entries it had
  private int keep(int address, Keeper keeper) {
    int[] list = entries[address];
    int count = end(list) - SECTIONS;
    int kept = SECTIONS;
    int next = SECTIONS;
    for (int section = 0; section < SECTIONS; section++) {
      int end = list[section];
      for (; next < end; next++) {
        int entry = list[next];
        if (keeper.keeps(section, entry)) {
          list[kept++] = entry;
        }
      }
      if (kept < end) {
        list[section] = kept;
      }
    }
    int room = roomFor(kept - SECTIONS);
    if (room < count) {
      resized(address, room);
    }
    return count;
  }

  /// Takes the entries of dead rows out of some lists.
  ///
  /// @param address of the first of them
  /// @param entries after how many entries to stop at the end of a list
  /// @return the address of the first list that is left, {@link #lists} when none is
  int sweep(int address, int entries, RowCheck live) {
    int at = address;
    for (int seen = 0; at < lists && seen < entries; at++) {
      int mask = (1 << (bits(at) + EXTRA_BITS)) - 1;
      seen += keep(at, (_, entry) -> live.isLive(entry & mask));
    }
    return at;
  }

  long bytes() {
    return OVERHEAD_BYTES + (long) entries.length * Integer.BYTES + bytes;
  }

  private static final int OVERHEAD_BYTES = 80;

  /// Number of lists.
  int lists() {
    return lists;
  }

  /// Adds to a reader what a search must read: the list of a window and, where the next slot may
  /// differ, those of the windows that differ in one of its bits.
  ///
  /// @param limit largest number of bits in which the windows may differ
  /// @param nextLimit largest number of bits in which the next slot may differ
  void find(int window, int limit, int nextLimit, FingerprintReader reader) {
    int own = address(window);
    int bits = bits(own);
    reader.addList(
        entries[own], section(window), entry(window, bits), bits + EXTRA_BITS, limit, nextLimit);
    if (nextLimit > 0) {
      for (int bit = FingerprintSlots.BITS; bit < bits; bit++) {
        int address = address(window ^ (1 << bit));
        int otherBits = bits(address);
        reader.addList(
            entries[address],
            section(window),
            entry(window, otherBits),
            otherBits + EXTRA_BITS,
            limit - 1,
            nextLimit - 1);
      }
    }
  }

  /// Largest number of lists that a search reads of all tables.
  static final int MAX_LISTS_READ =
      FingerprintSlots.COUNT * (1 + MAX_ADDRESS_BITS - MIN_ADDRESS_BITS);

  /// Where a section of a list begins; it ends before place `list[section]`.
  static int start(int[] list, int section) {
    return section == 0 ? SECTIONS : list[section - 1];
  }

  /// The bits of the next slot in an entry.
  static int nextSlot(int entry) {
    return entry & NEXT_SLOT_MASK;
  }

  /// Whether a row is there.
  interface RowCheck {
    boolean isLive(int number);
  }

  private interface Keeper {
    boolean keeps(int section, int entry);
  }
}
