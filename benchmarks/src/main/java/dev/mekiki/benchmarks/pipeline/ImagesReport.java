package dev.mekiki.benchmarks.pipeline;

import java.util.List;

/// What `mekiki bench pipeline --images` prints; docs/performance.md explains each number.
record ImagesReport(
    int pictures,
    int images,
    int batchSize,
    int cores,
    boolean landmarks,
    long commitIntervalMs,
    double imagesPerSecond,
    double encoderImagesPerSecond,
    double bareImagesPerSecond,
    double encoderShare,
    double brokerCpuShare,
    boolean complete,
    List<LatencyAtLoad> latencies,
    CompareLatency compares) {}
