package dev.mekiki.hashing.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.Reach;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoutingTest {
  private static final long SEED = Seeds.seed(RoutingTest.class);

  @Test
  void neighboursWithinTheRadiusMeetAtBothHomes() {
    int apart = 0;
    for (int number = 0; number < 300; number++) {
      Random random = Seeds.random(SEED, number);
      int bits = random.nextBoolean() ? 16 : 64;
      CenterTable centers = RandomCodes.centers(bits, 1 + random.nextInt(30), random);
      Routing routing = routing(centers, random);
      int radius = random.nextInt(bits / 4);
      for (int pair = 0; pair < 100; pair++) {
        HashCode x = RandomCodes.mixed(centers, random);
        HashCode y = RandomCodes.at(x, random.nextInt(radius + 1), random);

        Home homeX = routing.home(x, "x" + pair);
        Home homeY = routing.home(y, "y" + pair);

        assertThat(new CenterTable.Cell(homeX.center(), homeX.shell())).isEqualTo(centers.cell(x));
        List<Integer> probed = routing.probed(x, homeX.partition(), Reach.CODES, radius);
        assertThat(probed)
            .as("case %d", number)
            .isSorted()
            .doesNotHaveDuplicates()
            .doesNotContain(homeX.partition());
        List<Integer> everywhere = routing.probed(x, homeX.partition(), Reach.EVERYWHERE, radius);
        assertThat(everywhere).containsAll(probed);
        assertThat(everywhere)
            .containsExactlyElementsOf(
                routing.partitionsOfCenters().stream()
                    .flatMap(List::stream)
                    .filter(partition -> partition != homeX.partition())
                    .distinct()
                    .sorted()
                    .toList());
        if (homeX.partition() != homeY.partition()) {
          assertThat(probed).as("case %d", number).contains(homeY.partition());
          apart++;
        }
      }
    }
    // Pairs that share a home would say nothing about probes.
    assertThat(apart).isGreaterThan(1000);
  }

  @Test
  void partitionBoundsNeverPassTheDistanceToACodeHomedThere() {
    for (int number = 0; number < 200; number++) {
      Random random = Seeds.random(SEED, number);
      CenterTable centers = RandomCodes.centers(32, 1 + random.nextInt(20), random);
      Routing routing = routing(centers, random);
      for (int pair = 0; pair < 100; pair++) {
        HashCode query = RandomCodes.mixed(centers, random);
        HashCode code = RandomCodes.mixed(centers, random);
        int home = routing.home(code, "id" + pair).partition();

        assertThat(routing.partitionBounds(query)[home])
            .as("case %d", number)
            .isLessThanOrEqualTo(query.distance(code));
      }
    }
  }

  private static Routing routing(CenterTable centers, Random random) {
    int partitions = 1 + random.nextInt(6);
    return switch (random.nextInt(3)) {
      case 0 -> Routing.byProximity(centers, partitions);
      case 1 ->
          new Routing(
              centers, partitions, random.ints(centers.size(), 0, partitions).boxed().toList());
      default ->
          Routing.balanced(centers, partitions, random.longs(centers.size(), 0, 1000).toArray());
    };
  }

  @Test
  void partitionWithoutBucketsIsNeverWorthAProbe() {
    CenterTable centers = RandomCodes.centers(16, 2, new Random(1));
    Routing routing = new Routing(centers, 3, List.of(2, 0));

    assertThat(routing.partitionBounds(centers.center(0))[1]).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void probesCostWhatTheDesignExpects() {
    CenterTable centers = RandomCodes.centersApart(64, 100, 24, new Random(1));
    Routing routing = Routing.byProximity(centers, 8);
    Random random = new Random(1);
    for (int radius : new int[] {2, 4, 6, 8}) {
      long clustered = 0;
      long uniform = 0;
      int images = 2000;
      for (int i = 0; i < images; i++) {
        HashCode center = centers.center(random.nextInt(100));
        clustered += probes(routing, RandomCodes.flipped(center, 0.05, random), radius);
        uniform += probes(routing, RandomCodes.uniform(64, random), radius);
      }
      System.out.printf(
          "probes: radius=%d clustered=%.2f uniform=%.2f of 7 other partitions%n",
          radius, (double) clustered / images, (double) uniform / images);
      assertThat((double) clustered / images).isLessThanOrEqualTo(0.3);
    }
  }

  private static int probes(Routing routing, HashCode code, int radius) {
    return routing.probed(code, routing.home(code, "").partition(), Reach.CODES, radius).size();
  }

  @Test
  void assignmentsThatDoNotFitAreRefused() {
    CenterTable centers = RandomCodes.centers(16, 2, new Random(1));

    assertThatThrownBy(() -> new Routing(centers, 2, List.of(0)))
        .hasMessage("partitions of centers: 1 entries (expected: 2, one for each center)");
    assertThatThrownBy(() -> new Routing(centers, 2, List.of(0, 2)))
        .hasMessage("partition of a center: 2 (expected: 0 to 1)");
    assertThatThrownBy(() -> Routing.split(centers, 2, List.of(List.of(0), List.of())))
        .hasMessage("partitions of a center: none (expected: at least 1)");
    assertThatThrownBy(() -> Routing.split(centers, 2, List.of(List.of(0), List.of(1, 0))))
        .hasMessage("partitions of a center: [1, 0] (expected: each once, ascending)");
    assertThatThrownBy(() -> Routing.balanced(centers, 2, new long[3]))
        .hasMessage("images of buckets: 3 entries (expected: 2, one for each center)");
    assertThatThrownBy(() -> Routing.byProximity(centers, 0))
        .hasMessage("partitions: 0 (expected: at least 1)");
  }
}
