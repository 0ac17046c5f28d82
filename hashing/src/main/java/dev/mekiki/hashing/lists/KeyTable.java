package dev.mekiki.hashing.lists;

import java.util.Arrays;

/// Numbers by a key of 24 bits; keys may recur.
///
/// A list holds the entries of all keys that have the same lowest bits. Lists are split one at a
/// time as numbers grow (linear hashing, W. Litwin, 1980), until there are as many as the address
/// may have bits for; then they grow. Within a list the entries lie in 16 sections, by 4 other bits
/// of the key.
///
/// An entry is, from the lowest bit: the number, and the bits of the key that its list and section
/// do not fix. While the address of a list fixes b bits, a number has b + 12 bits. A split gives
/// one more bit to the address of a list, and just where that bit was in the entry the number gets
/// its next: nothing but the list is read for it.
///
/// A list is an array: where each section ends, and the entries. Memory is read by pages and lines:
/// five sections of one list cost less than five lists.
///
/// For one thread.
public final class KeyTable {
  /// Bits of a key.
  public static final int KEY_BITS = 24;

  /// Bits of a key that choose the section of a list.
  public static final int SECTION_BITS = 4;

  /// Sections of a list.
  public static final int SECTIONS = 1 << SECTION_BITS;

  /// Bits of the address of a list, while there are as few lists as possible.
  public static final int MIN_ADDRESS_BITS = 8;

  /// Largest number of bits of an address: numbers are ints.
  private static final int MAX_ADDRESS_BITS = 19;

  /// Bits of a number beyond those of a list's address.
  public static final int EXTRA_BITS = Integer.SIZE - (KEY_BITS - SECTION_BITS);

  /// Places behind the entries, so that whole vectors can be compared.
  private static final int SPARE = 16;

  private static final int[] EMPTY = new int[SECTIONS + SPARE];

  static {
    Arrays.fill(EMPTY, 0, SECTIONS, SECTIONS);
  }

  private final int sectionShift;
  private final int maxLists;
  private final int stagger;
  private final int entriesPerList;

  /// Number of lists.
  private int lists = 1 << MIN_ADDRESS_BITS;

  /// By address: the places after the last of each section, and the entries of all sections.
  private int[][] entries = new int[lists][];

  /// The power of two at or below the number of lists, and its logarithm.
  private int level = lists;

  private int levelBits = MIN_ADDRESS_BITS;

  /// Of all lists.
  private long bytes;

  /// @param sectionShift where the 4 bits that choose the section begin in a key, 8 to 20; the
  ///   address of a list consists of bits below them
  /// @param entriesPerList numbers for each list, from which on a list is split; at most 2,048
  /// @param stagger 0, 1, 2, ... for tables that grow side by side: each splits at other times
  public KeyTable(int sectionShift, int entriesPerList, int stagger) {
    this.sectionShift = sectionShift;
    this.entriesPerList = entriesPerList;
    this.stagger = stagger;
    maxLists = 1 << Math.min(sectionShift, MAX_ADDRESS_BITS);
    Arrays.fill(entries, EMPTY);
  }

  /// Bits of the largest number.
  public static int numberBits(int sectionShift) {
    return Math.min(sectionShift, MAX_ADDRESS_BITS) + EXTRA_BITS;
  }

  /// The address of a key's list.
  public int address(int key) {
    int address = key & (2 * level - 1);
    return address < lists ? address : address & (level - 1);
  }

  /// Bits of a key that the address of its list fixes.
  public int bits(int address) {
    return levelBits + (address >= level || address < lists - level ? 1 : 0);
  }

  /// The list at an address; the sections are read by {@link #start} and their ends.
  public int[] list(int address) {
    return entries[address];
  }

  /// The section of a key.
  public int section(int key) {
    return (key >>> sectionShift) & (SECTIONS - 1);
  }

  /// The part of an entry that is compared: without the number.
  ///
  /// @param bits that the address of the key's list fixes
  public int entry(int key, int bits) {
    int low = key & ((1 << sectionShift) - 1);
    int others = low | (key >>> (sectionShift + SECTION_BITS) << sectionShift);
    return others >>> bits << (bits + EXTRA_BITS);
  }

  private static int end(int[] list) {
    return list[SECTIONS - 1];
  }

  /// Splits lists until there are enough for numbers up to the given one. At the same time as in
  /// other tables another list is split, since some lists may be very long in all of them.
  public void grow(int number) {
    int enough = lists(number + stagger * entriesPerList, entriesPerList, maxLists);
    while (lists < enough) {
      split();
    }
  }

  /// Number of lists for numbers up to the given one.
  public static int lists(int number, int entriesPerList, int maxLists) {
    return Math.clamp(number / entriesPerList + 1, 1 << MIN_ADDRESS_BITS, maxLists);
  }

  /// Reads of a key's list what is read first, to have it in the cache.
  public int touch(int key) {
    return end(entries[address(key)]);
  }

  /// Lists a number.
  ///
  /// @param number not more than the one last given to {@link #grow}
  public void add(int key, int number) {
    int address = address(key);
    append(address, section(key), entry(key, bits(address)) | number);
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
    return count + count / 8 + FIRST_ROOM + (count >= FIRST_ROOM ? 0 : stagger % FIRST_ROOM);
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
      entries = Arrays.copyOf(entries, Math.min(maxLists, to + to / 4));
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

  /// Takes the entries of dead numbers out of some lists.
  ///
  /// @param address of the first of them
  /// @param entries after how many entries to stop at the end of a list
  /// @return the address of the first list that is left, {@link #lists} when none is
  public int sweep(int address, int entries, Liveness live) {
    int at = address;
    for (int seen = 0; at < lists && seen < entries; at++) {
      int mask = (1 << (bits(at) + EXTRA_BITS)) - 1;
      seen += keep(at, (_, entry) -> live.isLive(entry & mask));
    }
    return at;
  }

  /// Heap bytes.
  public long bytes() {
    return OVERHEAD_BYTES + (long) entries.length * Integer.BYTES + bytes;
  }

  private static final int OVERHEAD_BYTES = 80;

  /// Number of lists.
  public int lists() {
    return lists;
  }

  /// Where a section of a list begins; it ends before place `list[section]`.
  public static int start(int[] list, int section) {
    return section == 0 ? SECTIONS : list[section - 1];
  }

  /// Whether a number still stands for something.
  public interface Liveness {
    boolean isLive(int number);
  }

  private interface Keeper {
    boolean keeps(int section, int entry);
  }
}
