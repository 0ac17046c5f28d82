package dev.mekiki.hashing.routing;

import dev.mekiki.hashing.center.Bounds;
import dev.mekiki.hashing.center.CenterDistances;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.Reach;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/// The partition of each bucket, for one center table. Immutable.
///
/// An image of code x is stored at its home, the partition of the bucket of its nearest center
/// a(x). Completeness of matching within a code radius R: it is compared at home and in every
/// partition hosting a center c with d(x, c) <= d(x, a(x)) + 2R. If d(x, y) <= R then d(x, a(y)) <=
/// d(x, y) + d(y, a(y)) <= R + d(y, a(x)) <= 2R + d(x, a(x)): x is compared at y's home and, by
/// symmetry, y at x's.
public final class Routing {
  private final CenterTable centers;
  private final CenterDistances centerDistances;
  private final int partitions;
  private final int[] partitionOfCenter;

  /// For each partition the others that host a bucket.
  private final List<List<Integer>> othersThanHome;

  /// @param centers the center table
  /// @param partitions number of partitions, at least 1
  /// @param partitionOfCenter for each center its partition, 0 to partitions - 1
  public Routing(CenterTable centers, int partitions, List<Integer> partitionOfCenter) {
    checkPartitions(partitions);
    if (partitionOfCenter.size() != centers.size()) {
      throw new IllegalArgumentException(
          "partitionOfCenter: %d entries (expected: %d, one for each center)"
              .formatted(partitionOfCenter.size(), centers.size()));
    }
    this.centers = centers;
    this.centerDistances = new CenterDistances(centers);
    this.partitions = partitions;
    this.partitionOfCenter = partitionOfCenter.stream().mapToInt(Integer::intValue).toArray();
    for (int partition : this.partitionOfCenter) {
      if (partition < 0 || partition >= partitions) {
        throw new IllegalArgumentException(
            "partition of a center: %d (expected: 0 to %d)".formatted(partition, partitions - 1));
      }
    }
    int[] hosting = Arrays.stream(this.partitionOfCenter).distinct().sorted().toArray();
    this.othersThanHome =
        IntStream.range(0, partitions)
            .mapToObj(home -> Arrays.stream(hosting).filter(p -> p != home).boxed().toList())
            .toList();
  }

  /// A routing in which near centers share a partition and each partition hosts at most
  /// ceil(centers / partitions) of them and at least floor; the same for the same table.
  public static Routing byProximity(CenterTable centers, int partitions) {
    checkPartitions(partitions);
    return new Routing(centers, partitions, ProximityAssignment.assign(centers, partitions));
  }

  public CenterTable centers() {
    return centers;
  }

  public int partitions() {
    return partitions;
  }

  public int partitionOfCenter(int center) {
    return partitionOfCenter[center];
  }

  public List<Integer> partitionOfCenters() {
    return Arrays.stream(partitionOfCenter).boxed().toList();
  }

  /// Where an image of that code is stored.
  public Home home(HashCode code) {
    CenterTable.Cell cell = CenterTable.cell(centerDistances.of(code));
    return new Home(cell.center(), cell.shell(), partitionOfCenter[cell.center()]);
  }

  /// The partitions besides its home that a new image must be compared with, ascending.
  ///
  /// @param code q bits
  /// @param home the partition that stores it
  /// @param reach how far matches reach
  /// @param radius the largest code distance of any match, at least 0; of no account where the
  ///   reach is {@link Reach#EVERYWHERE}
  public List<Integer> probed(HashCode code, int home, Reach reach, int radius) {
    if (reach == Reach.EVERYWHERE) {
      return othersThanHome.get(home);
    }
    int[] distances = centerDistances.of(code);
    int farthest = CenterTable.cell(distances).shell() + 2 * radius;
    BitSet hosting = new BitSet(partitions);
    for (int center = 0; center < distances.length; center++) {
      if (distances[center] <= farthest) {
        hosting.set(partitionOfCenter[center]);
      }
    }
    hosting.clear(home);
    return hosting.stream().boxed().toList();
  }

  /// For each partition a lower bound of the distance between the query and any code homed there;
  /// {@link Integer#MAX_VALUE} for a partition that hosts no bucket.
  public int[] partitionBounds(HashCode query) {
    int[] distances = centerDistances.of(query);
    int nearest = CenterTable.cell(distances).shell();
    int[] bounds = new int[partitions];
    Arrays.fill(bounds, Integer.MAX_VALUE);
    for (int center = 0; center < distances.length; center++) {
      int partition = partitionOfCenter[center];
      bounds[partition] = Math.min(bounds[partition], Bounds.ofBucket(distances[center], nearest));
    }
    return bounds;
  }

  private static void checkPartitions(int partitions) {
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "partitions: %d (expected: at least 1)".formatted(partitions));
    }
  }
}
