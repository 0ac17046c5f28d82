package dev.mekiki.benchmarks.pipeline;

import java.util.List;

/// What `mekiki bench pipeline --codes` prints; docs/performance.md explains each number.
record CodesReport(
    int codes,
    int bits,
    String distribution,
    int partitions,
    String reach,
    int radius,
    int threads,
    long commitIntervalMs,
    double codesPerSecond,
    double bareCodesPerSecond,
    double brokerCpuShare,
    double probesPerImage,
    int matches,
    boolean complete,
    List<LatencyAtLoad> latencies,
    IdleLatency idle,
    SearchLatency searches) {}
