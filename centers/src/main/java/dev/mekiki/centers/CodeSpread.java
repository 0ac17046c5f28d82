package dev.mekiki.centers;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.hashing.routing.Home;
import dev.mekiki.hashing.routing.Routing;
import java.util.Arrays;
import java.util.List;

/// How codes spread over the buckets and partitions of a routing.
///
/// @param meanShell distance to the nearest center, mean over the codes
/// @param p50Shell median of that distance
/// @param p90Shell 90th percentile of that distance
/// @param probed mean number of other partitions that an arrival probes under the reach `codes`
/// @param fullestOverMean codes homed in the fullest partition against the mean of all: 1 is even
/// @param largestShare of the codes in the fullest bucket
/// @param effectiveBuckets e to the power of the entropy of the buckets' shares: that many equally
///   full buckets would have the same entropy
public record CodeSpread(
    double meanShell,
    int p50Shell,
    int p90Shell,
    double probed,
    double fullestOverMean,
    double largestShare,
    double effectiveBuckets) {
  /// The spread of codes, placed as the index places them.
  ///
  /// @param codes at least one
  /// @param radius the largest code distance of a match
  public static CodeSpread of(Routing routing, List<HashCode> codes, int radius) {
    if (codes.isEmpty()) {
      throw new IllegalArgumentException("codes: none (expected: at least 1)");
    }
    int[] shells = new int[codes.size()];
    int[] sizes = new int[routing.centers().size()];
    int[] homed = new int[routing.partitions()];
    long probed = 0;
    for (int i = 0; i < shells.length; i++) {
      Home home = routing.home(codes.get(i), Integer.toString(i));
      shells[i] = home.shell();
      sizes[home.center()]++;
      homed[home.partition()]++;
      probed += routing.probed(codes.get(i), home.partition(), Reach.CODES, radius).size();
    }
    Arrays.sort(shells);
    double n = shells.length;
    return new CodeSpread(
        Arrays.stream(shells).sum() / n,
        percentile(shells, 50),
        percentile(shells, 90),
        probed / n,
        Arrays.stream(homed).max().orElse(0) * homed.length / n,
        Arrays.stream(sizes).max().orElse(0) / n,
        effectiveBuckets(sizes));
  }

  /// The number of equally full buckets that would have the same entropy: e to the power of it.
  ///
  /// @param sizes of the buckets, not all 0
  public static double effectiveBuckets(int[] sizes) {
    double n = Arrays.stream(sizes).sum();
    double entropy = 0;
    for (int size : sizes) {
      entropy -= size == 0 ? 0 : size / n * Math.log(size / n);
    }
    return Math.exp(entropy);
  }

  private static int percentile(int[] sorted, int percent) {
    return sorted[Math.ceilDiv(sorted.length * percent, 100) - 1];
  }
}
