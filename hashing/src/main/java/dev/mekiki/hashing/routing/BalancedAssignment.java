package dev.mekiki.hashing.routing;

import dev.mekiki.hashing.center.CenterTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Spreads buckets over partitions by how many images they hold.
///
/// A bucket of more than two fifths of what a partition holds in the mean is split into equal parts
/// that are smaller, each in a partition of its own, or over all partitions. Split buckets come
/// first, the largest first, each into the partitions that hold least. Each of the others then
/// joins the partition whose centers are nearest to its own, among those that it leaves below 1.4
/// times the mean. There always is one: some partition holds less than the mean, and a whole bucket
/// holds at most two fifths of it.
///
/// Every bucket counts for a few images more than it has, 5 % of all together, so that those
/// without images spread, too. Everything is decided by counts, distances and, for ties, by the
/// smaller number, so that the same counts always give the same assignment.
final class BalancedAssignment {
  private static final double MAX_PART = 0.4;
  private static final double MAX_LOAD = 1.4;
  private static final double ADDED = 0.05;

  private final CenterTable centers;
  private final int partitions;
  private final double[] weights;
  private final double mean;
  private final double[] loads;
  private final List<List<Integer>> centersOf = new ArrayList<>();
  private final List<List<Integer>> partitionsOf = new ArrayList<>();

  /// @param images for each center the number of images in its bucket
  BalancedAssignment(CenterTable centers, int partitions, long[] images) {
    this.centers = centers;
    this.partitions = partitions;
    double added = Math.max(1, ADDED * Arrays.stream(images).sum()) / images.length;
    this.weights = Arrays.stream(images).mapToDouble(count -> count + added).toArray();
    this.mean = Arrays.stream(weights).sum() / partitions;
    this.loads = new double[partitions];
    for (int partition = 0; partition < partitions; partition++) {
      centersOf.add(new ArrayList<>());
    }
    for (int center = 0; center < weights.length; center++) {
      partitionsOf.add(List.of());
    }
  }

  /// For each center its partitions, ascending.
  List<List<Integer>> assign() {
    IntStream.range(0, weights.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer center) -> -weights[center]))
        .forEach(center ->
            put(center, parts(center) > 1 ? emptiest(parts(center)) : List.of(nearest(center))));
    return partitionsOf;
  }

  private int parts(int center) {
    return (int) Math.min(partitions, Math.ceil(weights[center] / (MAX_PART * mean)));
  }

  private List<Integer> emptiest(int count) {
    return IntStream.range(0, partitions)
        .boxed()
        .sorted(Comparator.comparingDouble(partition -> loads[partition]))
        .limit(count)
        .sorted()
        .toList();
  }

  private int nearest(int center) {
    int nearest = -1;
    double distance = 0;
    for (int partition = 0; partition < partitions; partition++) {
      if (loads[partition] + weights[center] <= MAX_LOAD * mean) {
        double of = distance(center, partition);
        if (nearest < 0 || of < distance) {
          nearest = partition;
          distance = of;
        }
      }
    }
    return nearest < 0 ? emptiest(1).getFirst() : nearest;
  }

  /// Mean distance to the centers of a partition; half of the bits where there are none, as far as
  /// centers that have nothing to do with each other.
  private double distance(int center, int partition) {
    return centersOf.get(partition).stream()
        .mapToInt(other -> centers.center(center).distance(centers.center(other)))
        .average()
        .orElse(centers.bits() / 2.0);
  }

  private void put(int center, List<Integer> into) {
    partitionsOf.set(center, into);
    for (int partition : into) {
      loads[partition] += weights[center] / into.size();
      centersOf.get(partition).add(center);
    }
  }
}
