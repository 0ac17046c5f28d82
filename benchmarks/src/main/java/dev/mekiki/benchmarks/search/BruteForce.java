package dev.mekiki.benchmarks.search;

import dev.mekiki.benchmarks.data.CodeSet;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// The nearest codes by brute force: every distance, then a sort. It shares no code with what it
/// checks.
final class BruteForce {
  private final CodeSet codes;
  private final int[] distances;

  /// @param query the words of the query
  BruteForce(CodeSet codes, long[] query) {
    this.codes = codes;
    distances = new int[codes.size()];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = codes.distance(i, query);
    }
  }

  int distance(int position) {
    return distances[position];
  }

  /// Positions of the k nearest within a radius, by distance and then by rank.
  int[] nearest(int k, int radius, IntUnaryOperator rank) {
    int[] counts = new int[codes.bits() + 1];
    for (int distance : distances) {
      counts[distance]++;
    }
    int limit = 0;
    for (int within = counts[0]; within < k && limit < radius; within += counts[limit]) {
      limit++;
    }
    int farthest = limit;
    Comparator<Integer> order =
        Comparator.comparingInt((Integer position) -> distances[position])
            .thenComparingInt(position -> rank.applyAsInt(position));
    return IntStream.range(0, distances.length)
        .filter(position -> distances[position] <= farthest)
        .boxed()
        .sorted(order)
        .limit(k)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  @Override
  public String toString() {
    return "distances " + Arrays.toString(distances);
  }
}
