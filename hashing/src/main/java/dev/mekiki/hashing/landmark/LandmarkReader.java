package dev.mekiki.hashing.landmark;

import dev.mekiki.hashing.lists.KeyTable;
import dev.mekiki.hashing.scan.HammingKernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Reads the tables of a {@link LandmarkIndex}: looks up the keys of one picture, gathers what was
/// found by row, and has the rows voted on. It has buffers, so it is for one thread; others may
/// read the same index with readers of their own, as long as nobody writes.
///
/// All keys of a table are looked up side by side, so that their waits for memory overlap. Most of
/// what is found is chance: of 2,304 keys some 10 to 40 thousandths of all rows hold one. So rows
/// are counted first, in a table of fixed size by a hash of their number, and only what may come up
/// twice is sorted.
public final class LandmarkReader {
  private static final Comparator<LandmarkCandidate> ORDER =
      Comparator.comparingInt(LandmarkCandidate::votes)
          .reversed()
          .thenComparingInt(LandmarkCandidate::row);

  /// The patch or its mirror image, each as it is or with its least certain bit changed.
  private static final int LOOKUPS = 2 * SoughtLandmarks.ORIENTATIONS;

  private static final int MAX_LOOKUPS = LOOKUPS * SoughtLandmarks.MAX_SIZE;

  /// Entries of a section that are read: beyond, one key recurs in very many pictures.
  private static final int MAX_SECTION = 4096;

  private static final int COUNTERS_BITS = 16;

  /// Ints of a cache line, and of the largest vector.
  private static final int LINE = 16;

  // A found landmark, from the lowest bit: landmark of the picture, number in the tables, mirrored.
  private static final int SOUGHT_BITS = 7;
  private static final int NUMBER_BITS = 32;

  private final HammingKernel kernel = HammingKernel.chosen();
  private final Voting voting = new Voting();

  private final int[][] lists = new int[MAX_LOOKUPS][];
  private final int[] keys = new int[MAX_LOOKUPS];
  private final int[] entries = new int[MAX_LOOKUPS];
  private final int[] masks = new int[MAX_LOOKUPS];
  private final int[] starts = new int[MAX_LOOKUPS];
  private final int[] ends = new int[MAX_LOOKUPS];
  private final int[] positions = new int[MAX_SECTION + LINE];

  private long[] found = new long[1 << 12];
  private int foundCount;

  /// By a hash of the row: how often one with that hash was found, at most 2.
  private final byte[] counters = new byte[1 << COUNTERS_BITS];

  private final Frame[] from = new Frame[Voting.MAX_PAIRS];
  private final Frame[] to = new Frame[Voting.MAX_PAIRS];

  /// Keeps the compiler from removing reads that only fill the cache.
  @SuppressWarnings("UnusedVariable")
  private int sink;

  /// See {@link LandmarkIndex#candidates}.
  public List<LandmarkCandidate> candidates(
      LandmarkIndex index, SoughtLandmarks sought, int minVotes) {
    foundCount = 0;
    for (int key = 0; key < PatchHash.KEYS; key++) {
      prepare(index.table(key), key, sought);
      for (int lookup = 0; lookup < LOOKUPS * sought.size(); lookup++) {
        read(index, lookup);
      }
    }
    return vote(index, sought, Math.max(2, minVotes));
  }

  /// Finds the sections to read and fetches their first lines.
  private void prepare(KeyTable table, int key, SoughtLandmarks sought) {
    int lookups = LOOKUPS * sought.size();
    int touched = 0;
    for (int lookup = 0; lookup < lookups; lookup++) {
      int hash = lookup / 2;
      keys[lookup] = lookup % 2 == 0 ? sought.key(hash, key) : sought.nearKey(hash, key);
      int address = table.address(keys[lookup]);
      int bits = table.bits(address);
      lists[lookup] = table.list(address);
      entries[lookup] = table.entry(keys[lookup], bits);
      masks[lookup] = -1 << (bits + KeyTable.EXTRA_BITS);
    }
    for (int lookup = 0; lookup < lookups; lookup++) {
      touched += lists[lookup][0];
    }
    for (int lookup = 0; lookup < lookups; lookup++) {
      int[] list = lists[lookup];
      int section = table.section(keys[lookup]);
      starts[lookup] = KeyTable.start(list, section);
      ends[lookup] = Math.min(list[section], starts[lookup] + MAX_SECTION);
      touched += list[starts[lookup]] + list[Math.min(starts[lookup] + LINE, list.length - 1)];
    }
    sink = touched;
  }

  private void read(LandmarkIndex index, int lookup) {
    int start = starts[lookup];
    int end = ends[lookup];
    int[] list = lists[lookup];
    int mask = masks[lookup];
    int size = (end - start + LINE - 1) & -LINE;
    // Whole vectors: what is behind the section is compared, too.
    int hits = kernel.intsWithin(list, start, start + size, entries[lookup], mask, 0, positions);
    int taken = 0;
    long landmark = lookup / LOOKUPS;
    long mirrored = lookup / 2 % SoughtLandmarks.ORIENTATIONS;
    for (int i = 0; i < hits && taken < LandmarkIndex.MAX_OF_A_KEY; i++) {
      int number = list[positions[i]] & ~mask;
      if (positions[i] < end && index.isLandmark(number)) {
        taken++;
        add((mirrored << (SOUGHT_BITS + NUMBER_BITS)) | ((long) number << SOUGHT_BITS) | landmark);
      }
    }
  }

  private void add(long one) {
    if (foundCount == found.length) {
      found = Arrays.copyOf(found, 2 * foundCount);
    }
    found[foundCount++] = one;
  }

  private static int number(long one) {
    return (int) (one >>> SOUGHT_BITS);
  }

  private static int landmark(long one) {
    return (int) one & ((1 << SOUGHT_BITS) - 1);
  }

  /// The row and whether it was found by mirror images.
  private static long group(long one) {
    return ((long) LandmarkIndex.row(number(one)) << 1) | (one >>> (SOUGHT_BITS + NUMBER_BITS));
  }

  private static int counter(long one) {
    return (int) ((group(one) * 0x9E3779B97F4A7C15L) >>> (Long.SIZE - COUNTERS_BITS));
  }

  private List<LandmarkCandidate> vote(LandmarkIndex index, SoughtLandmarks sought, int minVotes) {
    Arrays.fill(counters, (byte) 0);
    for (int i = 0; i < foundCount; i++) {
      int counter = counter(found[i]);
      counters[counter] = (byte) Math.min(2, counters[counter] + 1);
    }
    int kept = 0;
    for (int i = 0; i < foundCount; i++) {
      if (counters[counter(found[i])] > 1) {
        found[kept++] = found[i];
      }
    }
    Arrays.sort(found, 0, kept);
    List<LandmarkCandidate> candidates = new ArrayList<>();
    for (int first = 0; first < kept; ) {
      long group = group(found[first]);
      int pairs = 0;
      int next = first;
      for (; next < kept && group(found[next]) == group; next++) {
        boolean isRepeated = next > first && found[next] == found[next - 1];
        if (!isRepeated && pairs < Voting.MAX_PAIRS) {
          from[pairs] = Frame.unpack(sought.frame(landmark(found[next])));
          to[pairs++] = Frame.unpack(index.frame(number(found[next])));
        }
      }
      if (pairs >= minVotes) {
        Voting.Outcome outcome = voting.vote(from, to, pairs, (group & 1) == 1);
        if (outcome != null && outcome.votes() >= minVotes) {
          candidates.add(
              new LandmarkCandidate((int) (group >>> 1), outcome.votes(), outcome.map()));
        }
      }
      first = next;
    }
    candidates.sort(ORDER);
    return candidates;
  }
}
