package dev.mekiki.benchmarks.flat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.hashing.Seeds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FlatScanTest {
  private static final long SEED = Seeds.seed(FlatScanTest.class);

  @Test
  void nearestAreThoseOfASortOfAllCodes() {
    for (int number = 0; number < 60; number++) {
      Random random = Seeds.random(SEED, number);
      int bits = new int[] {16, 32, 48, 64, 128, 192, 256}[random.nextInt(7)];
      int words = (bits + 63) / 64;
      int size = 1 + random.nextInt(6000);
      long mask = bits >= 64 ? -1 : (1L << bits) - 1;
      // Few bits are used in some cases, which makes ties.
      long used = random.nextBoolean() ? mask : mask & 0x3FF;
      long[] codes = new long[words * size];
      for (int i = 0; i < codes.length; i++) {
        codes[i] = random.nextLong() & used;
      }
      List<long[]> queries = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(5); i++) {
        queries.add(random.longs(words).map(word -> word & mask).toArray());
      }
      int k = 1 + random.nextInt(size + 5);
      FlatScan scan = new FlatScan(codes, size, bits);

      List<Nearest> nearest = scan.nearest(queries, k);

      for (int i = 0; i < queries.size(); i++) {
        long[] query = queries.get(i);
        int[] expected =
            IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingInt(code -> distance(codes, size, code, query)))
                .limit(k)
                .mapToInt(Integer::intValue)
                .toArray();
        String label = "case %d seed %d".formatted(number, SEED);
        assertThat(nearest.get(i).positions()).as(label).isEqualTo(expected);
        assertThat(nearest.get(i).distances())
            .as(label)
            .isEqualTo(
                IntStream.of(expected).map(code -> distance(codes, size, code, query)).toArray());
        assertThat(scan.nearest(query, k).positions()).as(label).isEqualTo(expected);
      }
    }
  }

  private static int distance(long[] codes, int size, int code, long[] query) {
    int distance = 0;
    for (int word = 0; word < query.length; word++) {
      distance += Long.bitCount(codes[word * size + code] ^ query[word]);
    }
    return distance;
  }

  @Test
  void emptyArrayHasNoNearest() {
    assertThat(new FlatScan(new long[0], 0, 64).nearest(new long[1], 3).positions()).isEmpty();
  }

  @Test
  void arraysOfAnotherShapeAreRefused() {
    assertThatThrownBy(() -> new FlatScan(new long[3], 2, 128))
        .hasMessage("codes: 3 longs (expected: 4, 2 for each of 2 codes)");
    assertThatThrownBy(() -> new FlatScan(new long[4], 2, 128).nearest(new long[1], 1))
        .hasMessage("query: 1 longs (expected: 2)");
  }
}
