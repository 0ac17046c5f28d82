package dev.mekiki.hashing.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.lists.IntList;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The fingerprint index against a loop over all rows.
class FingerprintIndexTest {
  private static final long SEED = Seeds.seed(FingerprintIndexTest.class);

  /// Fewer than in the product, so that a test reaches several parts.
  private static final int PART_ROWS = 2 * Rows.CHUNK_ROWS;

  private static final int LISTED_ROWS = 700;

  private static final int ROWS_PER_LIST = 4;

  /// From the first row to some more than the third part is scanned for: a search at each size
  /// around those where a part begins, gets lists, and has twice as many lists as before.
  @Test
  void findsTheSameAtEverySizeAroundEachSwitch() {
    Random random = Seeds.random(SEED, 0);
    World world = new World(random, 400);
    int last = 2 * PART_ROWS + LISTED_ROWS + 3;
    for (int size = 1; size <= last; size++) {
      world.put(world.relative());
      if (isAroundASwitch(size)) {
        world.check(2);
      }
    }
    assertThat(world.rows.used()).isEqualTo(last);
    world.check(50);
  }

  private static boolean isAroundASwitch(int size) {
    int inPart = size % PART_ROWS;
    for (int at :
        new int[] {0, LISTED_ROWS, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, PART_ROWS}) {
      if (inPart >= at - 3 && inPart <= at + 30) {
        return true;
      }
    }
    return false;
  }

  /// Puts, removals and replacements, with places that are used again; some of the fingerprints are
  /// very many.
  @Test
  void findsTheSameAsImagesComeAndGo() {
    for (int number = 1; number <= 6; number++) {
      Random random = Seeds.random(SEED, number);
      World world = new World(random, number % 2 == 0 ? 3 : 200);
      int target = 8000 + random.nextInt(PART_ROWS);
      while (world.live.size() < target) {
        world.put(world.relative());
      }
      world.check(10);
      for (int round = 0; round < 4; round++) {
        for (int i = 0; i < 4000; i++) {
          world.remove(random.nextInt(world.live.size()));
          if (random.nextInt(3) > 0) {
            world.put(world.relative());
          }
        }
        world.check(10);
      }
      // Down to nothing, and up again: the places are all used again before new ones.
      while (!world.live.isEmpty()) {
        world.remove(random.nextInt(world.live.size()));
        if (world.live.size() % 2500 == 0) {
          world.check(3);
        }
      }
      while (world.live.size() < target / 2) {
        world.put(world.relative());
      }
      world.check(10);
      assertThat(world.rows.used()).as("seed %d", SEED).isLessThan(target + target / 4 + 8192);
    }
  }

  /// Twenty thousand equal fingerprints and as many others, the equal ones then removed.
  @Test
  void equalFingerprintsByTheTenThousandComeAndGo() {
    Random random = Seeds.random(SEED, 7);
    World world = new World(random, 1, FingerprintLists.ROWS_PER_LIST);
    long[] equal = random.longs(4).toArray();
    for (int i = 0; i < 20_000; i++) {
      world.put(equal);
      world.put(random.longs(4).toArray());
    }
    world.checkAgainst(equal, 31);
    for (int i = world.live.size() - 2; i >= 0; i -= 2) {
      world.remove(i);
    }
    world.checkAgainst(equal, 31);
    for (int i = 0; i < 20_000; i++) {
      world.put(i % 2 == 0 ? equal : random.longs(4).toArray());
    }
    world.checkAgainst(equal, 31);
    assertThat(world.index.bytes()).as("bytes of 40,000 rows").isLessThan(40_000 * 250);
  }

  /// Pairs 31 bits apart that only one slot can find, some only by a list of values one bit away:
  /// without it, or with smaller limits, they are missed.
  @Test
  void pairsAtTheLargestDistanceNeedEveryList() {
    Random random = Seeds.random(SEED, 8);
    World world = new World(random, 1);
    List<long[]> queries = new ArrayList<>();
    for (int i = 0; i < PART_ROWS / 2; i++) {
      long[] words = random.longs(4).toArray();
      world.put(words);
      long[] query = words.clone();
      int first = random.nextInt(32);
      // Differing bits in the slots from there on around the ring: 0, 1, 1, .., 0, 2, 1, 1, .. or
      // 0, 1, 1, .., 0, 0, 3, 1, ..
      int[] counts = new int[32];
      Arrays.fill(counts, 1, 32, 1);
      int shape = random.nextInt(3);
      if (shape > 0) {
        int at = 1 + random.nextInt(31 - shape);
        Arrays.fill(counts, at, at + shape, 0);
        counts[at + shape] = 1 + shape;
      }
      for (int slot = 0; slot < 32; slot++) {
        flip(query, (first + slot) % 32, counts[slot], random);
      }
      queries.add(query);
    }
    for (long[] query : queries) {
      assertThat(world.search(query, 31)).hasSize(1);
    }
  }

  private static void flip(long[] words, int slot, int count, Random random) {
    int bit = random.nextInt(8);
    for (int i = 0; i < count; i++) {
      words[slot / 8] ^= 1L << (slot % 8 * 8 + (bit + i) % 8);
    }
  }

  private static final class World {
    private final Random random;
    private final IdArena ids = new IdArena();
    final Rows rows = new Rows(ids, new MetadataTable());
    final FingerprintIndex index;
    private final List<Bucket> buckets = new ArrayList<>();
    private final List<long[]> families = new ArrayList<>();
    final List<Row> live = new ArrayList<>();
    private long version = 1;

    private record Row(int ref, HashCode fingerprint) {
      long[] words() {
        return fingerprint.words();
      }
    }

    /// Families of fingerprints a few bits apart, up to the radius and beyond, so that a slot
    /// differs in no, one or more bits. Half of them leave most slots at 0, as flat pictures do.
    World(Random random, int familyCount) {
      this(random, familyCount, ROWS_PER_LIST);
    }

    World(Random random, int familyCount, int rowsPerList) {
      this.random = random;
      index = new FingerprintIndex(rows, PART_ROWS, LISTED_ROWS, rowsPerList);
      for (int i = 0; i < 3; i++) {
        buckets.add(new Bucket(16));
      }
      for (int i = 0; i < familyCount; i++) {
        long[] words = random.longs(4).toArray();
        if (i % 2 == 1) {
          words[1] = 0;
          words[2] = 0;
          words[3] &= 0xFFFF;
        }
        families.add(words);
      }
    }

    long[] relative() {
      long[] words = families.get(random.nextInt(families.size())).clone();
      for (int flip = random.nextInt(25); flip > 0; flip--) {
        int bit = random.nextInt(256);
        words[bit / 64] ^= 1L << bit;
      }
      return words;
    }

    void put(long[] words) {
      Bucket bucket = buckets.get(random.nextInt(buckets.size()));
      int row = bucket.placeRow(rows);
      int id = ids.add(("image-" + version).getBytes(StandardCharsets.UTF_8));
      Fingerprint fingerprint = new Fingerprint(HashCode.of(256, words), 50);
      rows.birth(
          row,
          id,
          1,
          new IndexedImage("", RandomCodes.uniform(16, random), fingerprint, Map.of()),
          version++);
      index.add(row);
      live.add(new Row(row, fingerprint.code()));
    }

    void remove(int i) {
      Row row = live.get(i);
      live.set(i, live.getLast());
      live.removeLast();
      rows.death(row.ref, version++);
      index.remove(row.ref);
      rows.free(row.ref);
      index.release(row.ref);
    }

    int[] search(long[] query, int radius) {
      IntList found = new IntList();
      index.search(query, radius, found);
      int[] refs = new int[found.size()];
      int count = 0;
      for (int i = 0; i < refs.length; i++) {
        int row = found.get(i);
        if (rows.isLive(rows.columns(row), Rows.offset(row))) {
          refs[count++] = row;
        }
      }
      int[] sorted = Arrays.copyOf(refs, count);
      Arrays.sort(sorted);
      return sorted;
    }

    void check(int queries) {
      for (int i = 0; i < queries; i++) {
        int radius = random.nextInt(4) == 0 ? random.nextInt(60) : 31;
        checkAgainst(
            random.nextBoolean() || live.isEmpty()
                ? relative()
                : live.get(random.nextInt(live.size())).words(),
            radius);
      }
    }

    void checkAgainst(long[] query, int radius) {
      HashCode sought = HashCode.of(256, query);
      int[] expected =
          live.stream()
              .filter(row -> row.fingerprint.distance(sought) <= radius)
              .mapToInt(Row::ref)
              .sorted()
              .toArray();
      assertThat(search(query, radius))
          .as("seed %d, %d rows, radius %d", SEED, live.size(), radius)
          .isEqualTo(expected);
    }
  }
}
