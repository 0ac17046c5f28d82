package dev.mekiki.hashing.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Each search sees one state: the one after some change that was made not before the search began
/// and not after it ended.
///
/// All changes are drawn beforehand and each state has a checksum, so that a reader knows which one
/// it saw. Few images, codes and centers make places change hands all the time.
class PartitionIndexUnderWritesTest {
  private static final long SEED = Seeds.seed(PartitionIndexUnderWritesTest.class);
  private static final int CHANGES = 60_000;
  private static final int READERS = 3;

  @Test
  void everySearchSeesOneStateAmongThoseItOverlaps() throws Exception {
    for (int number = 0; number < 6; number++) {
      run(number, new int[] {16, 64, 128}[number % 3], new int[] {4, 60, 700}[number % 3]);
    }
  }

  private static void run(int number, int bits, int ids) throws Exception {
    Random random = Seeds.random(SEED, number);
    CenterTable centers = RandomCodes.centers(bits, 1 + random.nextInt(6), random);
    List<HashCode> codes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      codes.add(RandomCodes.mixed(centers, random));
    }
    HashCode query = RandomCodes.mixed(centers, random);
    List<Change> changes = new ArrayList<>();
    long[] states = new long[CHANGES + 1];
    Map<String, Long> standing = new HashMap<>();
    for (int i = 0; i < CHANGES; i++) {
      Change change = change(ids, codes, random);
      changes.add(change);
      Long before = standing.remove(change.id);
      long state = states[i] ^ (before == null ? 0 : before);
      IndexedImage image = change.image;
      if (image != null) {
        long sum = checksum(image.id(), image.code().distance(query));
        standing.put(image.id(), sum);
        state ^= sum;
      }
      states[i + 1] = state;
    }

    PartitionIndex index = new PartitionIndex(centers);
    AtomicInteger made = new AtomicInteger();
    try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
      List<Future<Integer>> reading = new ArrayList<>();
      for (int reader = 0; reader < READERS; reader++) {
        boolean batches = reader == 0;
        reading.add(readers.submit(() -> read(index, query, states, made, batches)));
      }
      try {
        for (Change change : changes) {
          IndexedImage image = change.image;
          if (image == null) {
            index.remove(change.id);
          } else {
            index.put(image);
          }
          made.incrementAndGet();
        }
      } finally {
        // Readers end, also where the writer fails.
        made.set(CHANGES);
      }
      for (Future<Integer> done : reading) {
        assertThat(done.get()).as("searches, case %d seed %d", number, SEED).isPositive();
      }
    }
    assertThat(index.images()).isEqualTo(standing.size());
  }

  private static int read(
      PartitionIndex index, HashCode code, long[] states, AtomicInteger made, boolean batches) {
    PartitionQuery query =
        new PartitionQuery(
            code, null, code.bits(), Integer.MAX_VALUE, MetadataFilter.ALL, () -> false);
    int searches = 0;
    while (true) {
      int before = made.get();
      List<SearchResult> results =
          batches ? index.search(List.of(query, query)) : List.of(index.search(query));
      // The change under way when the search ended may be seen.
      int after = Math.min(CHANGES, made.get() + 1);
      for (SearchResult result : results) {
        long seen = 0;
        for (Hit hit : result.hits()) {
          seen ^= checksum(hit.id(), hit.codeDistance());
        }
        boolean known = false;
        for (int state = before; state <= after && !known; state++) {
          known = states[state] == seen;
        }
        assertThat(known).as("a state of changes %d to %d, seed %d", before, after, SEED).isTrue();
      }
      assertThat(results).allMatch(result -> result.hits().equals(results.getFirst().hits()));
      searches++;
      if (before == CHANGES) {
        return searches;
      }
    }
  }

  private record Change(String id, @Nullable IndexedImage image) {}

  private static Change change(int ids, List<HashCode> codes, Random random) {
    String id = "i" + random.nextInt(ids);
    if (random.nextInt(4) == 0) {
      return new Change(id, null);
    }
    HashCode code = codes.get(random.nextInt(codes.size()));
    Fingerprint fingerprint = RandomCodes.fingerprint(random);
    return new Change(id, new IndexedImage(id, code, fingerprint, Map.of()));
  }

  private static long checksum(String id, int distance) {
    return Hashes.combine(Hashes.mix(id.hashCode()), distance);
  }
}
