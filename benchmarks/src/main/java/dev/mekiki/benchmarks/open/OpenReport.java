package dev.mekiki.benchmarks.open;

import org.jspecify.annotations.Nullable;

/// What `mekiki bench open` prints; docs/performance.md explains each number.
///
/// @param nativeBytes null if the C library does not report them
/// @param complete every image is there after the restore and after the opening
record OpenReport(
    int codes,
    int bits,
    String distribution,
    double openSeconds,
    double restoreImagesPerSecond,
    long heapBytes,
    @Nullable Long nativeBytes,
    double heapBytesPerImage,
    boolean complete) {}
