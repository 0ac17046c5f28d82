package dev.mekiki.hashing.routing;

import dev.mekiki.hashing.center.CenterTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Spreads centers over partitions so that near ones share a partition: fewer partitions lie within
/// reach of a code, so that a search asks fewer of them.
///
/// Each partition gets floor or ceil(centers / partitions) of them. Partitions start from centers
/// far apart and are filled with the nearest of the others; then two centers of different
/// partitions change places as long as that lowers the sum of the distances within partitions.
/// Everything is decided by distance and, for ties, by the smaller id, so that one table always has
/// one assignment.
final class ProximityAssignment {
  /// Sweeps over all pairs; the search as a rule ends by itself after a few.
  private static final int SWEEPS = 100;

  private final CenterTable centers;
  private final int partitions;
  private final int[] partitionOf;
  private final int[] room;

  private ProximityAssignment(CenterTable centers, int partitions) {
    this.centers = centers;
    this.partitions = partitions;
    this.partitionOf = new int[centers.size()];
    this.room = new int[partitions];
    for (int partition = 0; partition < partitions; partition++) {
      room[partition] =
          centers.size() / partitions + (partition < centers.size() % partitions ? 1 : 0);
    }
  }

  /// The partition of each center, in the order of the table.
  static List<Integer> assign(CenterTable centers, int partitions) {
    ProximityAssignment assignment = new ProximityAssignment(centers, partitions);
    assignment.fill();
    assignment.swap();
    return Arrays.stream(assignment.partitionOf).boxed().toList();
  }

  private void fill() {
    List<Integer> seeds = farApart();
    Arrays.fill(partitionOf, -1);
    for (int partition = 0; partition < seeds.size(); partition++) {
      put(seeds.get(partition), partition);
    }
    IntStream.range(0, centers.size())
        .filter(center -> partitionOf[center] < 0)
        .boxed()
        .sorted(Comparator.comparingInt(center -> toNearest(center, seeds)))
        .forEach(center -> put(center, nearestWithRoom(center, seeds)));
  }

  /// One center for each partition that gets any, each the farthest from those before.
  private List<Integer> farApart() {
    List<Integer> seeds = new ArrayList<>(List.of(0));
    while (seeds.size() < Math.min(partitions, centers.size())) {
      int farthest = -1;
      for (int center = 0; center < centers.size(); center++) {
        if (!seeds.contains(center)
            && (farthest < 0 || toNearest(center, seeds) > toNearest(farthest, seeds))) {
          farthest = center;
        }
      }
      seeds.add(farthest);
    }
    return seeds;
  }

  private int toNearest(int center, List<Integer> seeds) {
    return seeds.stream().mapToInt(seed -> distance(center, seed)).min().orElseThrow();
  }

  private int nearestWithRoom(int center, List<Integer> seeds) {
    int nearest = -1;
    for (int partition = 0; partition < seeds.size(); partition++) {
      if (room[partition] > 0
          && (nearest < 0
              || distance(center, seeds.get(partition)) < distance(center, seeds.get(nearest)))) {
        nearest = partition;
      }
    }
    return nearest;
  }

  private void put(int center, int partition) {
    partitionOf[center] = partition;
    room[partition]--;
  }

  private void swap() {
    long[][] toPartition = distancesToPartitions();
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      boolean changed = false;
      for (int a = 0; a < centers.size(); a++) {
        for (int b = a + 1; b < centers.size(); b++) {
          int of = partitionOf[a];
          int other = partitionOf[b];
          // Each of the two sums to the other's partition counts d(a, b), which the exchange does
          // not bring together.
          long gain =
              toPartition[a][of]
                  + toPartition[b][other]
                  - toPartition[a][other]
                  - toPartition[b][of]
                  + 2L * distance(a, b);
          if (of != other && gain > 0) {
            exchange(a, b, toPartition);
            changed = true;
          }
        }
      }
      if (!changed) {
        return;
      }
    }
  }

  private long[][] distancesToPartitions() {
    long[][] sums = new long[centers.size()][partitions];
    for (int a = 0; a < centers.size(); a++) {
      for (int b = 0; b < centers.size(); b++) {
        sums[a][partitionOf[b]] += distance(a, b);
      }
    }
    return sums;
  }

  private void exchange(int a, int b, long[][] toPartition) {
    int of = partitionOf[a];
    int other = partitionOf[b];
    partitionOf[a] = other;
    partitionOf[b] = of;
    for (int center = 0; center < centers.size(); center++) {
      int moved = distance(center, a) - distance(center, b);
      toPartition[center][of] -= moved;
      toPartition[center][other] += moved;
    }
  }

  private int distance(int a, int b) {
    return centers.center(a).distance(centers.center(b));
  }
}
