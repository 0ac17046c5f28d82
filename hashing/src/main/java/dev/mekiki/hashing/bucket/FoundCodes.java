package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.lists.IntList;
import java.util.Arrays;

/// The codes that the scans of a search have found, by distance.
///
/// The codes of a bucket lie close together, so a scan that knows little yet finds thousands that
/// the answer will not need. They are only noted here. Whether a code has a visible row is looked
/// up as late as possible: once so many codes lie within some distance that the search's limit may
/// fall to it. For one thread.
final class FoundCodes {
  private static final int FIRST_CAPACITY = 256;

  /// Codes whose rows are looked up together.
  private static final int LOOKUPS = 64;

  private static final int NONE = -1;

  private VisibleRows visible;
  private int k;

  /// True if k is more than there are images: the limit cannot fall.
  private boolean wantsAll;

  // Each code found: where it is, and the one before it in the list of its distance.
  private Shell.Columns[] columns = new Shell.Columns[FIRST_CAPACITY];
  private int[] offsets = new int[FIRST_CAPACITY];
  private int[] next = new int[FIRST_CAPACITY];
  private int size;

  // Lists by distance: codes not looked up yet, and codes that have a visible row.
  private int[] unverified = {};
  private int[] verified = {};
  private int[] unverifiedCodes = {};

  /// Visible rows of verified codes by distance, each code's counted up to k.
  private long[] verifiedRows = {};

  /// Links to the first rows of the codes that are looked up together.
  private final int[] heads = new int[LOOKUPS];

  /// Keeps the compiler from removing reads that only fill the cache.
  @SuppressWarnings("UnusedVariable")
  private int sink;

  @SuppressWarnings("NullAway.Init") // begin() comes first
  FoundCodes() {}

  /// Starts a query.
  ///
  /// @param k most hits
  /// @param images number of images
  /// @param bits q
  void begin(VisibleRows visible, int k, int images, int bits) {
    this.visible = visible;
    this.k = k;
    this.wantsAll = k > images;
    size = 0;
    int distancesPossible = bits + 1;
    if (verifiedRows.length != distancesPossible) {
      unverified = new int[distancesPossible];
      verified = new int[distancesPossible];
      unverifiedCodes = new int[distancesPossible];
      verifiedRows = new long[distancesPossible];
    }
    Arrays.fill(unverified, NONE);
    Arrays.fill(verified, NONE);
    Arrays.fill(unverifiedCodes, 0);
    Arrays.fill(verifiedRows, 0);
  }

  void add(Shell.Columns column, int offset, int distance) {
    if (size == next.length) {
      int capacity = 2 * size;
      columns = Arrays.copyOf(columns, capacity);
      offsets = Arrays.copyOf(offsets, capacity);
      next = Arrays.copyOf(next, capacity);
    }
    columns[size] = column;
    offsets[size] = offset;
    next[size] = unverified[distance];
    unverified[distance] = size++;
    unverifiedCodes[distance]++;
  }

  /// The limit after a scan: less than before if enough codes are known within less.
  int tightened(int limit) {
    if (wantsAll) {
      return limit;
    }
    long known = 0;
    for (int distance = 0; distance < limit; distance++) {
      known += verifiedRows[distance] + unverifiedCodes[distance];
      if (known >= k) {
        return verified(distance, limit);
      }
    }
    return limit;
  }

  /// Looks up the rows of codes found within a distance, the nearest first, until they are k.
  /// Returns the distance at which they are, else the limit.
  int verified(int farthest, int limit) {
    if (wantsAll) {
      return limit;
    }
    long known = 0;
    for (int distance = 0; distance <= farthest; distance++) {
      known += verifiedRows[distance];
      while (unverified[distance] != NONE && known < k) {
        known += verify(distance, (int) Math.min(k - known, LOOKUPS));
      }
      if (known >= k) {
        return Math.min(limit, distance);
      }
    }
    return limit;
  }

  /// Looks up the rows of some codes found at a distance. Returns how many are visible.
  private int verify(int distance, int codes) {
    // The rows lie anywhere in memory: all are read once before any is used.
    int count = 0;
    for (int at = unverified[distance]; at != NONE && count < codes; at = next[at]) {
      heads[count++] = columns[at].head(offsets[at]);
    }
    for (int i = 0; i < count; i++) {
      if (heads[i] != Rows.NONE) {
        sink += visible.rows.touch(Rows.row(heads[i]));
      }
    }
    int visibleOfAll = 0;
    for (int i = 0; i < count; i++) {
      int at = unverified[distance];
      unverified[distance] = next[at];
      unverifiedCodes[distance]--;
      int visibleRows = visible.count(heads[i], k);
      if (visibleRows > 0) {
        visibleOfAll += visibleRows;
        verifiedRows[distance] += visibleRows;
        next[at] = verified[distance];
        verified[distance] = at;
      }
    }
    return visibleOfAll;
  }

  boolean isEmptyAt(int distance) {
    return verified[distance] == NONE && unverified[distance] == NONE;
  }

  /// Adds links to the first rows of all codes found at a distance.
  void addHeads(int distance, IntList to) {
    addHeads(verified, distance, to);
    addHeads(unverified, distance, to);
  }

  private void addHeads(int[] lists, int distance, IntList to) {
    for (int at = lists[distance]; at != NONE; at = next[at]) {
      int head = columns[at].head(offsets[at]);
      if (head != Rows.NONE) {
        to.add(head);
      }
    }
  }
}
