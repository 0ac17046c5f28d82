package dev.mekiki.benchmarks.match;

/// What `mekiki bench match` prints; docs/performance.md explains each number.
record MatchReport(
    int indexed,
    int arrivals,
    int bits,
    String distribution,
    int classes,
    int partitions,
    String reach,
    int radius,
    int fingerprintRadius,
    double indexSeconds,
    double arrivalsPerSecond,
    double arrivalUsP50,
    double arrivalUsP99,
    double partitionsProbed,
    double busiestPartitionShare,
    double bytesPerImage,
    double flatUsP50,
    long events,
    boolean complete,
    long duplicateEvents) {
  /// Mean cost of an arrival.
  double arrivalMicros() {
    return 1e6 / arrivalsPerSecond;
  }
}
