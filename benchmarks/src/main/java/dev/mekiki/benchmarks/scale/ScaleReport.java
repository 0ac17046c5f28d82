package dev.mekiki.benchmarks.scale;

import java.util.List;

/// What `mekiki bench scale --instances` prints; docs/scaling.md explains each number.
///
/// @param hot share of the codes near one center, beside what falls to it as to any
/// @param splitBuckets buckets that lie in several partitions
record ScaleReport(
    int codes,
    int bits,
    String distribution,
    double hot,
    int splitBuckets,
    int partitions,
    String reach,
    int threads,
    List<Instances> instances) {
  /// One run. The lists have a number for each instance, the largest first.
  ///
  /// @param count instances
  /// @param images indexed by each
  /// @param seconds from the first code sent until all was indexed, probed and matched
  /// @param cpuSeconds used in that time
  /// @param heapBytes live heap after a full collection, with everything indexed
  /// @param idleHeapBytes the same before the first code
  /// @param storeBytes of the state directory, after an orderly end
  /// @param restoreSeconds from a kill -9 of the fullest instance, which is started again at once,
  ///   until every image is held by an active partition again
  /// @param complete exactly the pairs were reported that the sent codes make
  /// @param duplicateEvents events beyond the first of a pair
  record Instances(
      int count,
      List<Long> images,
      double seconds,
      List<Double> cpuSeconds,
      List<Long> heapBytes,
      List<Long> idleHeapBytes,
      List<Long> storeBytes,
      double restoreSeconds,
      boolean complete,
      long duplicateEvents) {}
}
