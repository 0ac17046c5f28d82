package dev.mekiki.hashing.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.Seeds;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HammingKernelTest {
  private static final long SEED = Seeds.seed(HammingKernelTest.class);

  /// Every width and, from a few places, every length up to three blocks of the widest vectors;
  /// codes all 0, all 1 and random; limits from nothing to everything.
  @Test
  void vectorKernelFindsWhatTheScalarKernelFinds() {
    ScalarKernel scalar = new ScalarKernel();
    VectorKernel vector = new VectorKernel();
    for (int bits = 8; bits <= 256; bits += 8) {
      Random random = Seeds.random(SEED, bits);
      int words = (bits + 63) / 64;
      for (int length = 0; length <= 100; length++) {
        int from = random.nextInt(4);
        int stride = from + length + random.nextInt(3);
        long[] codes = new long[words * stride];
        for (int word = 0; word < words; word++) {
          for (int i = 0; i < stride; i++) {
            codes[word * stride + i] = word(bits, word, random);
          }
        }
        long[] query = new long[words];
        for (int word = 0; word < words; word++) {
          query[word] = word(bits, word, random);
        }
        for (int limit : new int[] {-1, 0, bits / 2, bits / 2 - 4, bits, Integer.MAX_VALUE}) {
          assertThat(within(vector, codes, stride, from, from + length, query, limit))
              .as("bits %d length %d limit %d seed %d", bits, length, limit, SEED)
              .isEqualTo(within(scalar, codes, stride, from, from + length, query, limit));
        }
        assertThat(vector.sum(codes)).isEqualTo(scalar.sum(codes));
      }
    }
  }

  private static long word(int bits, int word, Random random) {
    int left = bits - word * 64;
    long mask = left >= 64 ? -1 : (1L << left) - 1;
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> mask;
      default -> random.nextLong() & mask;
    };
  }

  private static String within(
      HammingKernel kernel, long[] codes, int stride, int from, int to, long[] query, int limit) {
    int[] positions = new int[to - from];
    int[] distances = new int[to - from];
    int found = kernel.within(codes, stride, from, to, query, limit, positions, distances);
    return IntStream.range(0, found)
        .boxed()
        .sorted(Comparator.comparingInt(i -> positions[i]))
        .map(i -> positions[i] + ":" + distances[i])
        .collect(Collectors.joining(" "));
  }

  @Test
  void kernelsFindTheSameForFourQueries() {
    ScalarKernel scalar = new ScalarKernel();
    VectorKernel vector = new VectorKernel();
    for (int length = 0; length <= 100; length++) {
      Random random = Seeds.random(SEED, 2000 + length);
      int from = random.nextInt(4);
      long[] codes = random.longs(from + length).toArray();
      long[] queries = random.longs(HammingKernel.QUERIES).toArray();
      for (int limit : new int[] {-1, 0, 24, 28, 64}) {
        int[] expected = new int[length];
        int[] positions = new int[length];
        int count = scalar.withinAny(codes, from, from + length, queries, limit, expected);

        assertThat(vector.withinAny(codes, from, from + length, queries, limit, positions))
            .as("length %d limit %d seed %d", length, limit, SEED)
            .isEqualTo(count);
        assertThat(positions).isEqualTo(expected);
        int byLoop = 0;
        for (int i = from; i < from + length; i++) {
          long code = codes[i];
          int largest = limit;
          if (Arrays.stream(queries).anyMatch(query -> Long.bitCount(code ^ query) <= largest)) {
            assertThat(expected[byLoop++]).isEqualTo(i);
          }
        }
        assertThat(count).isEqualTo(byLoop);
      }
    }
  }

  @Test
  void kernelsFindTheSamePairs() {
    ScalarKernel scalar = new ScalarKernel();
    VectorKernel vector = new VectorKernel();
    for (int number = 0; number < 300; number++) {
      Random random = Seeds.random(SEED, 1000 + number);
      int rows = random.nextInt(70);
      long[] query = random.longs(4).toArray();
      long[] pairs = new long[2 * rows];
      int limit = random.nextInt(4) == 0 ? random.nextInt(129) : 31;
      for (int row = 0; row < rows; row++) {
        boolean far = random.nextInt(3) == 0;
        pairs[2 * row] = far ? random.nextLong() : query[0];
        pairs[2 * row + 1] = far ? random.nextLong() : query[1];
        for (int flip = random.nextInt(40); flip > 0; flip--) {
          int bit = random.nextInt(128);
          pairs[2 * row + bit / 64] ^= 1L << bit;
        }
      }
      int[] expected = new int[rows];
      int[] found = new int[rows];
      int from = rows == 0 ? 0 : random.nextInt(rows);
      int count = scalar.pairsWithin(pairs, from, rows, query, limit, expected);

      assertThat(vector.pairsWithin(pairs, from, rows, query, limit, found))
          .as("case %d seed %d", number, SEED)
          .isEqualTo(count);
      Arrays.sort(found, 0, count);
      assertThat(Arrays.copyOf(found, count)).isEqualTo(Arrays.copyOf(expected, count));
    }
  }

  @Test
  void kernelsFindTheSameInts() {
    ScalarKernel scalar = new ScalarKernel();
    VectorKernel vector = new VectorKernel();
    for (int length = 0; length <= 100; length++) {
      Random random = Seeds.random(SEED, 3000 + length);
      int from = random.nextInt(4);
      int[] ints = random.ints(from + length).toArray();
      int wanted = random.nextInt();
      int mask = random.nextInt(4) == 0 ? random.nextInt() : -1 << random.nextInt(32);
      for (int limit : new int[] {-1, 0, 3, 12, 32}) {
        int[] expected =
            IntStream.range(from, from + length)
                .filter(i -> Integer.bitCount((ints[i] ^ wanted) & mask) <= limit)
                .toArray();
        for (HammingKernel kernel : new HammingKernel[] {scalar, vector}) {
          int[] positions = new int[length];
          int count = kernel.intsWithin(ints, from, from + length, wanted, mask, limit, positions);

          assertThat(Arrays.copyOf(positions, count))
              .as("%s, length %d limit %d seed %d", kernel.description(), length, limit, SEED)
              .containsExactly(expected);
        }
      }
    }
  }

  @Test
  void scalarKernelGivesPositionsAndDistances() {
    int[] positions = new int[3];
    int[] distances = new int[3];

    int found =
        new ScalarKernel()
            .within(
                new long[] {0b0, 0b1111, 0b1}, 0, 0, 3, new long[] {0b1}, 1, positions, distances);

    assertThat(found).isEqualTo(2);
    assertThat(positions).startsWith(0, 2);
    assertThat(distances).startsWith(1, 0);
  }

  @Test
  void vectorKernelServesWhereVectorsAre() {
    assertThat(HammingKernel.chosen()).isInstanceOf(WarmingKernel.class);
    assertThat(HammingKernel.chosen().description()).matches("vector, \\d+ bits");
  }

  @Test
  void findsTheSameWhileItWarmsUp() throws InterruptedException {
    Random random = new Random(5);
    long[] pairs = random.longs(2 * 600).toArray();
    long[] query = {random.nextLong(), random.nextLong()};
    int[] expected = new int[600];
    int count = new ScalarKernel().pairsWithin(pairs, 3, 590, query, 62, expected);
    Arrays.sort(expected, 0, count);
    assertThat(count).isPositive();

    WarmingKernel kernel = WarmingKernel.start();
    // Where vectors are no faster, as on some CPUs, it never switches.
    long end = System.nanoTime() + 10_000_000_000L;
    boolean warm;
    do {
      warm = kernel.isWarmForPairs();
      int[] found = new int[600];
      assertThat(kernel.pairsWithin(pairs, 3, 590, query, 62, found)).isEqualTo(count);
      Arrays.sort(found, 0, count);
      assertThat(Arrays.copyOf(found, count)).isEqualTo(Arrays.copyOf(expected, count));
      Thread.sleep(1);
    } while (!warm && System.nanoTime() < end);
  }
}
