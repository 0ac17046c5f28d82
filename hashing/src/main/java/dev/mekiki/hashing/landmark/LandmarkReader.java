package dev.mekiki.hashing.landmark;

import dev.mekiki.hashing.lists.KeyTable;
import dev.mekiki.hashing.scan.HammingKernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Reads the tables of a {@link LandmarkIndex}: looks up the keys of one picture, gathers what was
/// found by row, and has the rows voted on. It has buffers, so it is for one thread; others may
/// read the same index with readers of their own, as long as nobody writes.
///
/// All keys of a table are looked up side by side, so that their waits for memory overlap. Most of
/// what is found is chance: of 3,456 keys some 10 to 40 thousandths of all rows hold one. So rows
/// are counted first, in a table of fixed size by a hash of their number, and only what may come up
/// twice is sorted. Of that again most is chance: size and angle of the pairs rule it out before
/// there is a vote. A pair of landmarks that shares most of its keys needs no other to agree with
/// it.
public final class LandmarkReader {
  private static final Comparator<LandmarkCandidate> ORDER =
      Comparator.comparingInt(LandmarkCandidate::votes)
          .reversed()
          .thenComparingInt(LandmarkCandidate::row);

  private static final int MAX_LOOKUPS =
      PatchHash.VARIANTS * SoughtLandmarks.ORIENTATIONS * SoughtLandmarks.MAX_SIZE;

  /// Two landmarks that share so many keys are a candidate by themselves: it happens by chance less
  /// often than that two pairs agree.
  static final int SURE_KEYS = 4;

  /// How many votes that counts as.
  static final int SURE_VOTES = 2;

  /// Entries of a section that are read: beyond, one key recurs in very many pictures.
  private static final int MAX_SECTION = 4096;

  /// Few rows share a counter by chance, and the counters fit in the cache of a core.
  private static final int COUNTERS_BITS = 18;

  /// Ints of a cache line, and of the largest vector.
  private static final int LINE = 16;

  // A found landmark, from the lowest bit: landmark of the picture, number in the tables, mirrored.
  private static final int SOUGHT_BITS = 8;
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

  /// Of what was found, the frames of the landmarks in the tables, packed.
  private int[] frames = new int[found.length];

  /// Of what was found, how many keys the two landmarks share.
  private byte[] shared = new byte[found.length];

  private int foundCount;
  private long landmarksRead;

  /// Which rows the look-up under way may find; null for all.
  private @Nullable IntPredicate wanted;

  /// By a hash of the row: how often one with that hash was found, at most 2.
  private final byte[] counters = new byte[1 << COUNTERS_BITS];

  /// Frames of the pairs of a row, packed.
  private final int[] packedFrom = new int[Voting.MAX_PAIRS];

  private final int[] packedTo = new int[Voting.MAX_PAIRS];
  private final Frame[] from = new Frame[Voting.MAX_PAIRS];
  private final Frame[] to = new Frame[Voting.MAX_PAIRS];

  /// Keeps the compiler from removing reads that only fill the cache.
  @SuppressWarnings("UnusedVariable")
  private int sink;

  /// See {@link LandmarkIndex#candidates}.
  public List<LandmarkCandidate> candidates(
      LandmarkIndex index, SoughtLandmarks sought, int minVotes) {
    return candidates(index, sought, minVotes, null);
  }

  /// The same among some rows. Of the landmarks of one key the others use up nothing but the time
  /// to read them.
  ///
  /// @param rows which rows may be found; null for all
  public List<LandmarkCandidate> candidates(
      LandmarkIndex index, SoughtLandmarks sought, int minVotes, @Nullable IntPredicate rows) {
    wanted = rows;
    foundCount = 0;
    int variants = index.variants();
    int lookups = variants * SoughtLandmarks.ORIENTATIONS * sought.size();
    for (int key = 0; key < PatchHash.KEYS; key++) {
      prepare(index.table(key), key, sought, variants, lookups);
      for (int lookup = 0; lookup < lookups; lookup++) {
        read(index, lookup, lookup / variants);
      }
    }
    landmarksRead += foundCount;
    return vote(index, sought, minVotes);
  }

  /// Landmarks found by all look-ups so far.
  long landmarksRead() {
    return landmarksRead;
  }

  /// Finds the sections to read and fetches their first lines.
  private void prepare(KeyTable table, int key, SoughtLandmarks sought, int variants, int lookups) {
    int touched = 0;
    for (int lookup = 0; lookup < lookups; lookup++) {
      keys[lookup] = sought.key(lookup / variants, key, lookup % variants);
      int address = table.address(keys[lookup]);
      int bits = table.bits(address);
      lists[lookup] = table.list(address);
      entries[lookup] = table.entry(keys[lookup], bits);
      masks[lookup] = -1 << (bits + KeyTable.EXTRA_BITS);
    }
    for (int lookup = 0; lookup < lookups; lookup++) {
      touched += lists[lookup][table.section(keys[lookup])];
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

  private void read(LandmarkIndex index, int lookup, int hash) {
    int start = starts[lookup];
    int end = ends[lookup];
    int[] list = lists[lookup];
    int mask = masks[lookup];
    int size = (end - start + LINE - 1) & -LINE;
    // Whole vectors: what is behind the section is compared, too.
    int hits = kernel.intsWithin(list, start, start + size, entries[lookup], mask, 0, positions);
    int taken = 0;
    long landmark = hash / SoughtLandmarks.ORIENTATIONS;
    long mirrored = hash % SoughtLandmarks.ORIENTATIONS;
    // Where not all are read, none that is dead or not wanted should take the place of another.
    // Elsewhere it is cheaper to ask later, of those that come up twice.
    boolean askNow = hits > LandmarkIndex.MAX_OF_A_KEY;
    for (int i = 0; i < hits && taken < LandmarkIndex.MAX_OF_A_KEY; i++) {
      int number = list[positions[i]] & ~mask;
      if (positions[i] < end && (!askNow || isWanted(index, number))) {
        taken++;
        add((mirrored << (SOUGHT_BITS + NUMBER_BITS)) | ((long) number << SOUGHT_BITS) | landmark);
      }
    }
  }

  /// Whether a landmark belongs to a row that lives and may be found.
  private boolean isWanted(LandmarkIndex index, int number) {
    return index.isLandmark(number) && (wanted == null || wanted.test(LandmarkIndex.row(number)));
  }

  private void add(long one) {
    if (foundCount == found.length) {
      found = Arrays.copyOf(found, 2 * foundCount);
      frames = new int[found.length];
      shared = new byte[found.length];
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
    int kept = keepRepeated(index);
    Arrays.sort(found, 0, kept);
    kept = keepGroups(kept, minVotes);
    // All frames at once, so that their waits for memory overlap.
    for (int i = 0; i < kept; i++) {
      frames[i] = index.frame(number(found[i]));
    }
    List<LandmarkCandidate> candidates = new ArrayList<>();
    for (int first = 0; first < kept; ) {
      long group = group(found[first]);
      int pairs = 0;
      int surest = 0;
      int next = first;
      for (; next < kept && group(found[next]) == group; next++) {
        surest = shared[next] > shared[first + surest] ? pairs : surest;
        packedFrom[pairs] = sought.frame(landmark(found[next]));
        packedTo[pairs++] = frames[next];
      }
      boolean sure = minVotes <= SURE_VOTES && shared[first + surest] >= SURE_KEYS;
      first = next;
      Voting.Outcome outcome = vote(pairs, (group & 1) == 1, minVotes, sure ? surest : -1);
      if (outcome != null) {
        candidates.add(new LandmarkCandidate((int) (group >>> 1), outcome.votes(), outcome.map()));
      }
    }
    candidates.sort(ORDER);
    return candidates;
  }

  /// @param surest pair that is a candidate by itself; -1 if there is none
  private Voting.@Nullable Outcome vote(int pairs, boolean mirrored, int minVotes, int surest) {
    Voting.Outcome outcome = null;
    if (Voting.mayAgree(packedFrom, packedTo, pairs, mirrored)) {
      for (int i = 0; i < pairs; i++) {
        from[i] = Frame.unpack(packedFrom[i]);
        to[i] = Frame.unpack(packedTo[i]);
      }
      outcome = voting.vote(from, to, pairs, mirrored, minVotes);
    }
    if (outcome != null || surest < 0) {
      return outcome;
    }
    Frame one = Frame.unpack(packedFrom[surest]);
    Frame other = Frame.unpack(packedTo[surest]);
    return new Voting.Outcome(SURE_VOTES, AffineMap.between(one, other, mirrored));
  }

  /// Moves what may come up twice, and lives, to the front.
  ///
  /// @return how much
  private int keepRepeated(LandmarkIndex index) {
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
    int live = 0;
    for (int i = 0; i < kept; i++) {
      if (isWanted(index, number(found[i]))) {
        found[live++] = found[i];
      }
    }
    return live;
  }

  /// Keeps, of what is sorted, each pair of landmarks once, and that of rows with enough of them or
  /// with one that is sure.
  ///
  /// @return how much
  private int keepGroups(int count, int minVotes) {
    int kept = 0;
    for (int first = 0; first < count; ) {
      long group = group(found[first]);
      int start = kept;
      int most = 0;
      int next = first;
      for (; next < count && group(found[next]) == group; next++) {
        if (kept > start && found[next] == found[kept - 1]) {
          most = Math.max(most, ++shared[kept - 1]);
        } else if (kept - start < Voting.MAX_PAIRS) {
          shared[kept] = 1;
          found[kept++] = found[next];
        }
      }
      if (kept - start < minVotes && (most < SURE_KEYS || minVotes > SURE_VOTES)) {
        kept = start;
      }
      first = next;
    }
    return kept;
  }
}
