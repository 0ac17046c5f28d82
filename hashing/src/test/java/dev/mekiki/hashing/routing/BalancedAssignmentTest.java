package dev.mekiki.hashing.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.center.CenterTable;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BalancedAssignmentTest {
  private static final long SEED = Seeds.seed(BalancedAssignmentTest.class);

  @Test
  void noPartitionHoldsMoreThanHalfAsMuchAgainAsTheMean() {
    int split = 0;
    for (int number = 0; number < 2000; number++) {
      Random random = Seeds.random(SEED, number);
      CenterTable centers = RandomCodes.centers(32, 1 + random.nextInt(60), random);
      int partitions = 1 + random.nextInt(12);
      long[] images = images(centers.size(), random);
      List<List<Integer>> assigned = new BalancedAssignment(centers, partitions, images).assign();

      double[] loads = new double[partitions];
      for (int center = 0; center < images.length; center++) {
        List<Integer> into = assigned.get(center);
        assertThat(into).isSorted().doesNotHaveDuplicates().isNotEmpty();
        split += into.size() > 1 ? 1 : 0;
        for (int partition : into) {
          loads[partition] += (double) images[center] / into.size();
        }
      }
      double mean = Arrays.stream(loads).sum() / partitions;
      assertThat(Arrays.stream(loads).max().orElseThrow())
          .as("case %d", number)
          .isLessThanOrEqualTo(1.5 * mean);
    }
    assertThat(split).isGreaterThan(2000);
  }

  /// Even, uneven by powers, or one with most of them; some empty.
  private static long[] images(int count, Random random) {
    double power = random.nextInt(3);
    long[] images =
        IntStream.range(0, count)
            .mapToLong(i -> (long) (100_000 / Math.pow(1 + i, power)) + random.nextInt(1000))
            .toArray();
    for (int i = 0; i < random.nextInt(count); i++) {
      images[random.nextInt(count)] = 0;
    }
    images[random.nextInt(count)] += random.nextBoolean() ? Arrays.stream(images).sum() : 1000;
    return images;
  }

  @Test
  void idsDivideTheImagesOfOneCodeEvenly() {
    CenterTable centers = RandomCodes.centers(64, 20, new Random(3));
    long[] images = new long[20];
    Arrays.fill(images, 1000);
    images[7] = 19_000;
    Routing routing = Routing.balanced(centers, 8, images);
    int[] homed = new int[8];
    for (int i = 0; i < 80_000; i++) {
      homed[routing.home(centers.center(7), "image-%08d".formatted(i)).partition()]++;
    }

    assertThat(routing.splitBuckets()).isEqualTo(1);
    assertThat(Arrays.stream(homed).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(9_500, 10_500));
  }

  @Test
  void bucketsWithoutImagesSpreadToo() {
    CenterTable centers = RandomCodes.centers(64, 100, new Random(5));
    List<List<Integer>> assigned = new BalancedAssignment(centers, 4, new long[100]).assign();

    assertThat(IntStream.range(0, 4))
        .allSatisfy(partition ->
            assertThat(assigned.stream().filter(of -> of.contains(partition)).count())
                .isBetween(10L, 35L));
  }
}
