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

/// The partitions of each bucket, for one center table. Immutable.
///
/// A bucket lies in one partition or, if it would be too large for one, is split over several: then
/// the id of an image decides in which of them it is stored.
///
/// An image of code x is stored at its home, a partition of the bucket of its nearest center a(x).
/// Completeness of matching within a code radius R: it is compared at home and in every partition
/// that hosts a part of the bucket of a center c with d(x, c) <= d(x, a(x)) + 2R. If d(x, y) <= R
/// then d(x, a(y)) <= d(x, y) + d(y, a(y)) <= R + d(y, a(x)) <= 2R + d(x, a(x)): x is compared at
/// y's home and, by symmetry, y at x's.
public final class Routing {
  /// 2^64 over the golden ratio: spreads hashes of ids that follow each other.
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final CenterTable centers;
  private final CenterDistances centerDistances;
  private final int partitions;

  /// By center, ascending.
  private final int[][] partitionsOfCenter;

  /// For each partition the others that host a bucket.
  private final List<List<Integer>> othersThanHome;

  /// A routing that splits no bucket.
  ///
  /// @param centers the center table
  /// @param partitions number of partitions, at least 1
  /// @param partitionOfCenter for each center its partition, 0 to partitions - 1
  public Routing(CenterTable centers, int partitions, List<Integer> partitionOfCenter) {
    this(
        centers,
        partitions,
        partitionOfCenter.stream().map(partition -> new int[] {partition}).toArray(int[][]::new));
  }

  private Routing(CenterTable centers, int partitions, int[][] partitionsOfCenter) {
    checkPartitions(partitions);
    if (partitionsOfCenter.length != centers.size()) {
      throw new IllegalArgumentException(
          "partitions of centers: %d entries (expected: %d, one for each center)"
              .formatted(partitionsOfCenter.length, centers.size()));
    }
    for (int[] ofCenter : partitionsOfCenter) {
      check(ofCenter, partitions);
    }
    this.centers = centers;
    this.centerDistances = new CenterDistances(centers);
    this.partitions = partitions;
    this.partitionsOfCenter = partitionsOfCenter;
    int[] hosting =
        Arrays.stream(partitionsOfCenter)
            .flatMapToInt(Arrays::stream)
            .distinct()
            .sorted()
            .toArray();
    this.othersThanHome =
        IntStream.range(0, partitions)
            .mapToObj(home -> Arrays.stream(hosting).filter(p -> p != home).boxed().toList())
            .toList();
  }

  private static void check(int[] ofCenter, int partitions) {
    int before = -1;
    for (int partition : ofCenter) {
      if (partition < 0 || partition >= partitions) {
        throw new IllegalArgumentException(
            "partition of a center: %d (expected: 0 to %d)".formatted(partition, partitions - 1));
      }
      if (partition <= before) {
        throw new IllegalArgumentException(
            "partitions of a center: %s (expected: each once, ascending)"
                .formatted(Arrays.toString(ofCenter)));
      }
      before = partition;
    }
    if (ofCenter.length == 0) {
      throw new IllegalArgumentException("partitions of a center: none (expected: at least 1)");
    }
  }

  /// A routing that may split buckets.
  ///
  /// @param centers the center table
  /// @param partitions number of partitions, at least 1
  /// @param partitionsOfCenter for each center its partitions, 0 to partitions - 1, at least one,
  ///   ascending
  public static Routing split(
      CenterTable centers, int partitions, List<List<Integer>> partitionsOfCenter) {
    return new Routing(
        centers,
        partitions,
        partitionsOfCenter.stream()
            .map(of -> of.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new));
  }

  /// A routing in which near centers share a partition and each partition hosts at most
  /// ceil(centers / partitions) of them and at least floor; the same for the same table.
  public static Routing byProximity(CenterTable centers, int partitions) {
    checkPartitions(partitions);
    return new Routing(centers, partitions, ProximityAssignment.assign(centers, partitions));
  }

  /// A routing for images that are known to divide over the buckets as counted: the fullest
  /// partition holds at most 1.5 times the mean of them, and near centers share a partition as far
  /// as that allows. A bucket that holds more than its share is split ({@link BalancedAssignment}).
  ///
  /// @param images for each center the number of images in its bucket
  public static Routing balanced(CenterTable centers, int partitions, long[] images) {
    checkPartitions(partitions);
    if (images.length != centers.size()) {
      throw new IllegalArgumentException(
          "images of buckets: %d entries (expected: %d, one for each center)"
              .formatted(images.length, centers.size()));
    }
    return split(centers, partitions, new BalancedAssignment(centers, partitions, images).assign());
  }

  public CenterTable centers() {
    return centers;
  }

  public int partitions() {
    return partitions;
  }

  /// For each center its partitions, ascending.
  public List<List<Integer>> partitionsOfCenters() {
    return IntStream.range(0, partitionsOfCenter.length)
        .mapToObj(this::partitionsOfCenter)
        .toList();
  }

  /// The partitions of one bucket, ascending.
  public List<Integer> partitionsOfCenter(int center) {
    return Arrays.stream(partitionsOfCenter[center]).boxed().toList();
  }

  /// Buckets that are split over several partitions.
  public int splitBuckets() {
    return (int) Arrays.stream(partitionsOfCenter).filter(of -> of.length > 1).count();
  }

  /// Where an image is stored.
  ///
  /// @param id of the image
  public Home home(HashCode code, String id) {
    CenterTable.Cell cell = CenterTable.cell(centerDistances.of(code));
    return new Home(cell.center(), cell.shell(), partition(cell.center(), id));
  }

  private int partition(int center, String id) {
    int[] parts = partitionsOfCenter[center];
    // The hash of strings is part of their specification, so a home never changes.
    return parts.length == 1
        ? parts[0]
        : parts[Math.floorMod((int) ((id.hashCode() * SPREAD) >>> Integer.SIZE), parts.length)];
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
        for (int partition : partitionsOfCenter[center]) {
          hosting.set(partition);
        }
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
      int bound = Bounds.ofBucket(distances[center], nearest);
      for (int partition : partitionsOfCenter[center]) {
        bounds[partition] = Math.min(bounds[partition], bound);
      }
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
