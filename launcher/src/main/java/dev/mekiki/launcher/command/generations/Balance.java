package dev.mekiki.launcher.command.generations;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.routing.Home;
import dev.mekiki.hashing.routing.Routing;
import java.util.Arrays;
import java.util.Map;

/// How a routing divides images, computed from their codes: no index is asked, so it is known
/// before one is built.
///
/// @param fullestOverMean images in the fullest partition against the mean; 0 without images
/// @param meanShell mean distance of a code to its center
record Balance(double fullestOverMean, double meanShell) {
  /// How full the fullest partition may be before buckets are divided by what they hold.
  private static final double MAX_FULLEST_OVER_MEAN = 1.5;

  /// Of a partition: fewer images say nothing about those to come.
  private static final int MIN_MEAN = 100;

  /// @param codes by image id
  static Balance of(Routing routing, Map<String, HashCode> codes) {
    long[] images = new long[routing.partitions()];
    long shells = 0;
    for (Map.Entry<String, HashCode> image : codes.entrySet()) {
      Home home = routing.home(image.getValue(), image.getKey());
      images[home.partition()]++;
      shells += home.shell();
    }
    double mean = (double) codes.size() / images.length;
    long fullest = Arrays.stream(images).max().orElse(0);
    return codes.isEmpty()
        ? new Balance(0, 0)
        : new Balance(fullest / mean, (double) shells / codes.size());
  }

  /// The routing itself where it divides the images well enough, or one that does.
  ///
  /// @param codes by image id
  static Routing improved(Routing routing, Map<String, HashCode> codes) {
    if (codes.size() < MIN_MEAN * routing.partitions()
        || of(routing, codes).fullestOverMean() <= MAX_FULLEST_OVER_MEAN) {
      return routing;
    }
    long[] images = new long[routing.centers().size()];
    codes.values().forEach(code -> images[routing.centers().cell(code).center()]++);
    return Routing.balanced(routing.centers(), routing.partitions(), images);
  }
}
