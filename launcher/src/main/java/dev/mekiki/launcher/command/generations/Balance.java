package dev.mekiki.launcher.command.generations;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.routing.Home;
import dev.mekiki.runtime.generation.GenerationGeometry;
import java.util.Arrays;
import java.util.Collection;

/// How a generation divides images, computed from their codes: no index is asked, so it is known
/// before one is built.
///
/// @param fullestOverMean images in the fullest partition against the mean; 0 without images
/// @param meanShell mean distance of a code to its center
record Balance(double fullestOverMean, double meanShell) {
  static Balance of(GenerationGeometry geometry, Collection<HashCode> codes) {
    long[] images = new long[geometry.partitions()];
    long shells = 0;
    for (HashCode code : codes) {
      Home home = geometry.home(code);
      images[home.partition()]++;
      shells += home.shell();
    }
    double mean = (double) codes.size() / images.length;
    long fullest = Arrays.stream(images).max().orElse(0);
    return codes.isEmpty()
        ? new Balance(0, 0)
        : new Balance(fullest / mean, (double) shells / codes.size());
  }
}
