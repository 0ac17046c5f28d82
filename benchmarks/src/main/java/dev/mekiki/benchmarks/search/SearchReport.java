package dev.mekiki.benchmarks.search;

/// What `mekiki bench search` prints; docs/performance.md explains each number.
record SearchReport(
    int codes,
    int bits,
    String distribution,
    int queries,
    int k,
    int radius,
    double buildSeconds,
    double bytesPerCode,
    double heapBytesPerCode,
    double knnUsP50,
    double knnUsP99,
    double flatUsP50,
    double batchCodesPerSecond,
    double radiusUsP50,
    long touchedCodesP50,
    boolean exact,
    double memoryBandwidthGbS) {}
