package dev.mekiki.hashing.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProximityAssignmentTest {
  private static final long SEED = Seeds.seed(ProximityAssignmentTest.class);

  @Test
  void everyPartitionHostsFloorOrCeilingOfTheMean() {
    for (int number = 0; number < 60; number++) {
      Random random = Seeds.random(SEED, number);
      int count = 1 + random.nextInt(60);
      int partitions = 1 + random.nextInt(12);
      CenterTable centers = RandomCodes.centers(32, count, random);

      int[] hosted = new int[partitions];
      ProximityAssignment.assign(centers, partitions).forEach(partition -> hosted[partition]++);

      for (int size : hosted) {
        assertThat(size)
            .as("case %d: %d centers, %d partitions", number, count, partitions)
            .isBetween(count / partitions, (count + partitions - 1) / partitions);
      }
    }
  }

  @Test
  void familiesOfNearCentersShareAPartition() {
    Random random = Seeds.random(SEED, 0);
    List<HashCode> codes = new ArrayList<>();
    for (int family = 0; family < 4; family++) {
      // 32 bits between two families, 2 at most within one.
      HashCode head = HashCode.of(64, 0xFFFFL << (family * 16));
      for (int member = 0; member < 5; member++) {
        codes.add(RandomCodes.at(head, 1, random));
      }
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < codes.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    CenterTable centers = RandomCodes.table(64, order.stream().map(codes::get).toList());

    List<Integer> assignment = ProximityAssignment.assign(centers, 4);

    int[] partitionOfFamily = {-1, -1, -1, -1};
    for (int i = 0; i < order.size(); i++) {
      int family = order.get(i) / 5;
      if (partitionOfFamily[family] < 0) {
        partitionOfFamily[family] = assignment.get(i);
      }
      assertThat(assignment.get(i)).isEqualTo(partitionOfFamily[family]);
    }
    assertThat(partitionOfFamily).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void noExchangeOfTwoCentersWouldLowerTheDistancesWithinPartitions() {
    for (int number = 0; number < 20; number++) {
      CenterTable centers = RandomCodes.centers(32, 24, Seeds.random(SEED, number));
      List<Integer> assignment = ProximityAssignment.assign(centers, 5);
      long within = within(centers, assignment);
      for (int a = 0; a < 24; a++) {
        for (int b = 0; b < a; b++) {
          List<Integer> exchanged = new ArrayList<>(assignment);
          exchanged.set(a, assignment.get(b));
          exchanged.set(b, assignment.get(a));
          assertThat(within(centers, exchanged))
              .as("case %d", number)
              .isGreaterThanOrEqualTo(within);
        }
      }
    }
  }

  private static long within(CenterTable centers, List<Integer> assignment) {
    long sum = 0;
    for (int a = 0; a < centers.size(); a++) {
      for (int b = 0; b < a; b++) {
        if (assignment.get(a).equals(assignment.get(b))) {
          sum += centers.center(a).distance(centers.center(b));
        }
      }
    }
    return sum;
  }

  @Test
  void oneTableHasOneAssignment() {
    CenterTable centers = RandomCodes.centers(64, 50, Seeds.random(SEED, 1));

    assertThat(ProximityAssignment.assign(centers, 7))
        .isEqualTo(ProximityAssignment.assign(centers, 7));
  }
}
