package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.scan.HammingKernel;
import java.util.Arrays;

/// One of the 16 tables of {@link FingerprintLists}: rows by the value of one slot of their
/// fingerprints.
///
/// A list holds the entries of all values that end in the same bits. Lists are split one at a time
/// as the part grows (linear hashing, W. Litwin, 1980), so that one has about 32 entries; once
/// there are 65,536, each has one value, and they grow.
///
/// An entry is, from the lowest bit: the row's number, the bits of the slot's value that its list
/// does not fix, and 10 bits of the partner slot's value. While the address of a list fixes b bits
/// of the value, a number has b + 6 bits. A split gives one more bit to the address of a list, and
/// just where that bit was in the entry the number gets its next: no row is read for it.
///
/// A list is a chain of blocks, of one as a rule: a header with its size and number of entries, the
/// entries and, in a block of the largest size, the reference of the block after it.
///
/// For one thread.
final class FingerprintTable {
  /// Bits of the numbers of rows.
  static final int ROW_BITS = 22;

  private static final int ROWS_PER_LIST = 32;

  /// Bits of a number beyond those of a list's address.
  private static final int EXTRA_BITS = ROW_BITS - FingerprintSlots.BITS;

  private static final int FIRST_SIZE = IntBlocks.UNIT;
  private static final int SIZE_SHIFT = 16;
  private static final int COUNT_MASK = (1 << SIZE_SHIFT) - 1;
  private static final int NONE = 0;

  private final IntBlocks blocks;
  private final int slot;
  private final int partner;

  /// By address: the first block.
  private int[] heads = new int[FIRST_SIZE];

  /// Number of lists.
  private int lists = 1;

  /// The power of two at or below it, and its logarithm.
  private int level = 1;

  private int levelBits;

  FingerprintTable(IntBlocks blocks, int slot) {
    this.blocks = blocks;
    this.slot = slot;
    this.partner = FingerprintSlots.partner(slot);
  }

  /// The address of a value's list.
  private int address(int value) {
    int address = value & (2 * level - 1);
    return address < lists ? address : address & (level - 1);
  }

  /// Bits of a value that the address of its list fixes.
  private int bits(int address) {
    return levelBits + (address >= level || address < lists - level ? 1 : 0);
  }

  private int entry(int value, int partnerValue, int bits) {
    return (value >>> bits) << (bits + EXTRA_BITS) | partnerValue << ROW_BITS;
  }

  /// Splits lists until there are enough for numbers up to the given one. At the same time as in
  /// other tables another list is split, since lists of one value may be very long in all of them.
  void grow(int number) {
    int enough = Math.min(FingerprintSlots.VALUES, number / ROWS_PER_LIST + 1 + slot);
    while (lists < enough) {
      split();
    }
  }

  /// The address of the list that a row belongs to.
  int address(Columns columns, int offset) {
    return address(FingerprintSlots.value(columns, offset, slot));
  }

  /// Reads where a list will be added to, to have it in the cache.
  int touch(int address) {
    int ref = heads[address];
    return blocks.chunk(ref)[IntBlocks.at(ref)];
  }

  /// Lists a row.
  ///
  /// @param address of its list
  /// @param number not more than the one last given to {@link #grow}
  void add(int address, int number, Columns columns, int offset) {
    int value = FingerprintSlots.value(columns, offset, slot);
    int partnerValue = FingerprintSlots.value(columns, offset, partner);
    append(address, entry(value, partnerValue, bits(address)) | number);
  }

  private void append(int address, int entry) {
    int ref = heads[address];
    if (ref == NONE) {
      ref = newBlock(FIRST_SIZE);
      heads[address] = ref;
    }
    int[] chunk = blocks.chunk(ref);
    int at = IntBlocks.at(ref);
    int header = chunk[at];
    int size = header >>> SIZE_SHIFT;
    int count = header & COUNT_MASK;
    if (count == capacity(size)) {
      ref = withRoom(address, ref, size);
      chunk = blocks.chunk(ref);
      at = IntBlocks.at(ref);
      count = chunk[at] & COUNT_MASK;
    }
    chunk[at + 1 + count] = entry;
    chunk[at]++;
  }

  /// Entries that a block has room for.
  private static int capacity(int size) {
    return size == IntBlocks.MAX_SIZE ? size - 2 : size - 1;
  }

  private int newBlock(int size) {
    int ref = blocks.allocate(size);
    int[] chunk = blocks.chunk(ref);
    int at = IntBlocks.at(ref);
    chunk[at] = size << SIZE_SHIFT;
    if (size == IntBlocks.MAX_SIZE) {
      chunk[at + size - 1] = NONE;
    }
    return ref;
  }

  /// Puts a block with room at the head of a list whose first block is full.
  private int withRoom(int address, int full, int size) {
    int more;
    if (size == IntBlocks.MAX_SIZE) {
      more = newBlock(size);
      blocks.chunk(more)[IntBlocks.at(more) + size - 1] = full;
    } else {
      int grown = IntBlocks.roundedUp(size + size / 8 + 1);
      more = moved(full, size, capacity(size), Math.min(IntBlocks.MAX_SIZE, grown));
    }
    heads[address] = more;
    return more;
  }

  /// A block of another size with the same entries, the first ones, in place of one.
  private int moved(int ref, int size, int count, int newSize) {
    int to = newBlock(newSize);
    int at = IntBlocks.at(to);
    System.arraycopy(blocks.chunk(ref), IntBlocks.at(ref) + 1, blocks.chunk(to), at + 1, count);
    blocks.chunk(to)[at] |= count;
    blocks.free(ref, size);
    return to;
  }

  private void split() {
    int from = lists - level;
    int to = lists;
    if (to == heads.length) {
      heads = Arrays.copyOf(heads, Math.min(FingerprintSlots.VALUES, to + Math.max(8, to / 4)));
    }
    int bit = 1 << (levelBits + EXTRA_BITS);
    lists++;
    if (lists == 2 * level) {
      level = lists;
      levelBits++;
    }
    keep(
        from,
        entry -> {
          if ((entry & bit) == 0) {
            return true;
          }
          append(to, entry & ~bit);
          return false;
        });
  }

  /// Takes the entries of a list that are not to be kept out of it.
  ///
  /// @return how many entries it had
  private int keep(int address, Keeper keeper) {
    int entries = 0;
    int before = NONE;
    for (int ref = heads[address]; ref != NONE; ) {
      int[] chunk = blocks.chunk(ref);
      int at = IntBlocks.at(ref);
      int size = chunk[at] >>> SIZE_SHIFT;
      int count = chunk[at] & COUNT_MASK;
      int next = next(chunk, at, size);
      entries += count;
      int kept = 0;
      for (int i = 1; i <= count; i++) {
        int entry = chunk[at + i];
        if (keeper.keeps(entry)) {
          chunk[at + ++kept] = entry;
        }
      }
      chunk[at] = size << SIZE_SHIFT | kept;
      if (kept < count) {
        int now = fitted(ref, size, kept, next);
        if (before == NONE) {
          heads[address] = now;
        } else {
          setNext(before, now);
        }
        before = now == next ? before : now;
      } else {
        before = ref;
      }
      ref = next;
    }
    return entries;
  }

  /// The block, a smaller one if it became too large, or the next one if it became empty.
  private int fitted(int ref, int size, int count, int next) {
    if (count == 0) {
      blocks.free(ref, size);
      return next;
    }
    int enough = IntBlocks.roundedUp(count + 1);
    return next != NONE || enough >= size ? ref : moved(ref, size, count, enough);
  }

  private static int next(int[] chunk, int at, int size) {
    return size == IntBlocks.MAX_SIZE ? chunk[at + size - 1] : NONE;
  }

  private void setNext(int ref, int next) {
    blocks.chunk(ref)[IntBlocks.at(ref) + IntBlocks.MAX_SIZE - 1] = next;
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
      seen += keep(at, entry -> live.isLive(entry & mask));
    }
    return at;
  }

  long bytes() {
    return (long) heads.length * Integer.BYTES + OVERHEAD_BYTES;
  }

  private static final int OVERHEAD_BYTES = 56;

  /// Number of lists.
  int lists() {
    return lists;
  }

  /// Notes which lists a search must read: that of a value and, where `flips` is true, those of the
  /// values one bit away.
  void find(int value, boolean flips, Lists found) {
    int own = address(value);
    int bits = bits(own);
    found.add(heads[own], bits);
    if (flips) {
      for (int bit = 0; bit < bits; bit++) {
        int address = address(value ^ (1 << bit));
        found.add(heads[address], bits(address));
      }
    }
  }

  /// Compares the entries of lists with a query.
  static final class Reader {
    private final HammingKernel kernel = HammingKernel.chosen();
    private final int[] positions = new int[IntBlocks.MAX_SIZE];
    private final IntBlocks blocks;

    Reader(IntBlocks blocks) {
      this.blocks = blocks;
    }

    /// Reads a list and notes the numbers of rows that may be within the radius.
    ///
    /// @param ref the list
    /// @param bits of the value that the list's address fixes
    /// @param value of the slot in the query
    /// @param partnerValue of the partner slot
    /// @param most largest number of bits in which slot and partner may differ together, those that
    ///   the address fixes left out
    /// @param mostHere largest number of bits in which the value may differ, likewise
    void read(
        int ref, int bits, int value, int partnerValue, int most, int mostHere, IntList numbers) {
      int shift = bits + EXTRA_BITS;
      int wanted = (value >>> bits) << shift | partnerValue << ROW_BITS;
      int compared = -1 << shift;
      int here = compared & ((1 << ROW_BITS) - 1);
      for (int block = ref; block != NONE; ) {
        int[] chunk = blocks.chunk(block);
        int at = IntBlocks.at(block);
        int size = chunk[at] >>> SIZE_SHIFT;
        int end = at + (chunk[at] & COUNT_MASK);
        // Whole vectors: the header and what lies behind the entries are compared, too.
        int hits =
            kernel.intsWithin(
                chunk, at, IntBlocks.roundedUp(end + 1), wanted, compared, most, positions);
        for (int i = 0; i < hits; i++) {
          int position = positions[i];
          int entry = chunk[position];
          if (position > at
              && position <= end
              && Integer.bitCount((entry ^ wanted) & here) <= mostHere) {
            numbers.add(entry & ~compared);
          }
        }
        block = next(chunk, at, size);
      }
    }
  }

  /// Lists that a search must read.
  static final class Lists {
    final int[] refs = new int[FingerprintSlots.COUNT * (FingerprintSlots.BITS + 1)];
    final int[] bits = new int[refs.length];
    int size;

    private void add(int ref, int addressBits) {
      refs[size] = ref;
      bits[size++] = addressBits;
    }
  }

  /// Whether a row is there.
  interface RowCheck {
    boolean isLive(int number);
  }

  private interface Keeper {
    boolean keeps(int entry);
  }
}
