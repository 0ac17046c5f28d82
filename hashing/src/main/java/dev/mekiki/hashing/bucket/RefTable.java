package dev.mekiki.hashing.bucket;

import java.util.Arrays;

/// A hash table of references, whose keys lie elsewhere: about 5.6 bytes an entry. For one thread.
///
/// A page holds the references whose hashes end alike, in any order, and beside each a byte of its
/// hash, so that a key is hardly ever read in vain. Pages are split one at a time, as the table
/// grows (linear hashing, W. Litwin, 1980): no insertion waits for more than one page.
///
/// A reference is any int but 0.
abstract class RefTable {
  private static final int ENTRIES_PER_PAGE = 64;
  private static final int GROWTH = 4;
  private static final int TAGS_PER_WORD = Integer.BYTES;
  private static final int LOW_BITS = 0x01010101;
  private static final int HIGH_BITS = 0x80808080;
  private static final int[] EMPTY = {0};

  /// A page: how many entries it has, their tags, four in a word, and their references.
  private int[][] pages = {EMPTY};

  private int pageCount = 1;

  /// The power of two at or below {@link #pageCount}.
  private int level = 1;

  private long entries;
  private long[] hashes = new long[2 * ENTRIES_PER_PAGE];

  /// The hash of a reference's key; all 64 bits count.
  abstract long hash(int ref);

  /// True if a reference's key is the one that is looked for now.
  abstract boolean isSought(int ref);

  /// The reference of the key that {@link #isSought} knows, 0 where there is none.
  ///
  /// @param hash of that key
  final int find(long hash) {
    int[] page = pages[address(hash)];
    int size = page[0];
    int tags = tag(hash) * LOW_BITS;
    int refs = refs(page);
    for (int from = 0; from < size; from += TAGS_PER_WORD) {
      // A byte's high bit is set where the tags are equal, and now and then above such a byte.
      int differences = page[1 + from / TAGS_PER_WORD] ^ tags;
      int equal = (differences - LOW_BITS) & ~differences & HIGH_BITS;
      while (equal != 0) {
        int at = from + Integer.numberOfTrailingZeros(equal) / Byte.SIZE;
        if (at < size && isSought(page[refs + at])) {
          return page[refs + at];
        }
        equal &= equal - 1;
      }
    }
    return 0;
  }

  /// Adds a reference whose key is not in the table.
  final void add(long hash, int ref) {
    int address = address(hash);
    int[] page = pages[address];
    int size = page[0];
    if (size == capacity(page)) {
      page = resized(page, size + GROWTH);
      pages[address] = page;
    }
    append(page, hash, ref);
    entries++;
    if (entries > (long) ENTRIES_PER_PAGE * pageCount) {
      split();
    }
  }

  /// Puts a reference of the same key in the place of one that is in the table.
  final void replace(long hash, int ref, int by) {
    int[] page = pages[address(hash)];
    page[refs(page) + place(page, ref)] = by;
  }

  /// Removes a reference that is in the table.
  final void remove(long hash, int ref) {
    int[] page = pages[address(hash)];
    int refs = refs(page);
    int place = place(page, ref);
    int last = --page[0];
    page[refs + place] = page[refs + last];
    setTag(page, place, tag(page, last));
    entries--;
  }

  private static int place(int[] page, int ref) {
    int refs = refs(page);
    int place = 0;
    while (page[refs + place] != ref) {
      place++;
    }
    return place;
  }

  private void split() {
    int from = pageCount - level;
    int to = pageCount;
    if (to == pages.length) {
      pages = Arrays.copyOf(pages, to + Math.max(1, to / 4));
    }
    int[] page = pages[from];
    int size = page[0];
    int refs = refs(page);
    if (hashes.length < size) {
      hashes = new long[2 * size];
    }
    // Keys lie anywhere in memory: all are read before the first is used.
    int moving = 0;
    for (int i = 0; i < size; i++) {
      hashes[i] = hash(page[refs + i]);
      moving += (hashes[i] & level) == 0 ? 0 : 1;
    }
    int[] kept = resized(EMPTY, size - moving);
    int[] moved = resized(EMPTY, moving);
    for (int i = 0; i < size; i++) {
      append((hashes[i] & level) == 0 ? kept : moved, hashes[i], page[refs + i]);
    }
    pages[from] = kept;
    pages[to] = moved;
    pageCount++;
    if (pageCount == 2 * level) {
      level = pageCount;
    }
  }

  private static int[] resized(int[] page, int entries) {
    int words = (entries + TAGS_PER_WORD - 1) / TAGS_PER_WORD;
    int[] resized = new int[1 + words * (1 + TAGS_PER_WORD)];
    int size = page[0];
    resized[0] = size;
    System.arraycopy(page, 1, resized, 1, (size + TAGS_PER_WORD - 1) / TAGS_PER_WORD);
    System.arraycopy(page, refs(page), resized, refs(resized), size);
    return resized;
  }

  private static void append(int[] page, long hash, int ref) {
    int place = page[0]++;
    page[refs(page) + place] = ref;
    setTag(page, place, tag(hash));
  }

  private static int capacity(int[] page) {
    return (page.length - 1) / (1 + TAGS_PER_WORD) * TAGS_PER_WORD;
  }

  /// Where the references begin.
  private static int refs(int[] page) {
    return page.length - capacity(page);
  }

  private static int tag(int[] page, int place) {
    return (page[1 + place / TAGS_PER_WORD] >>> shift(place)) & 0xFF;
  }

  private static void setTag(int[] page, int place, int tag) {
    int word = 1 + place / TAGS_PER_WORD;
    page[word] = (page[word] & ~(0xFF << shift(place))) | (tag << shift(place));
  }

  private static int shift(int place) {
    return place % TAGS_PER_WORD * Byte.SIZE;
  }

  private static int tag(long hash) {
    return (int) (hash >>> (Long.SIZE - Byte.SIZE));
  }

  private int address(long hash) {
    int address = (int) hash & (2 * level - 1);
    return address < pageCount ? address : address & (level - 1);
  }

  final long bytes() {
    long bytes = 16 + (long) pages.length * Integer.BYTES;
    for (int number = 0; number < pageCount; number++) {
      bytes += 16 + (long) pages[number].length * Integer.BYTES;
    }
    return bytes;
  }
}
