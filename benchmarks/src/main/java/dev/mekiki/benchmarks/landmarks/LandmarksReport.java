package dev.mekiki.benchmarks.landmarks;

/// What `mekiki bench landmarks` prints for each size.
///
/// @param indexed pictures in the partition
/// @param madeUp whether they were made up; else they are the real ones that were given
/// @param arrivals pictures that were looked up, on one thread
/// @param indexSeconds adding those that were not there at the size before
/// @param arrivalUsMean microseconds of look-up and vote
/// @param arrivalCpuUsMean the same in time of a processor: without waits for one
/// @param landmarksRead landmarks of other pictures with an equal key, for each arrival
/// @param candidates other pictures proposed, for each arrival; all are wrong where pictures are
///   made up
/// @param bytesPerImage of the index
/// @param growth exponent of the mean cost between the size before and this one: 0.5 grows as the
///   square root; NaN for the first
record LandmarksReport(
    int indexed,
    boolean madeUp,
    int arrivals,
    double indexSeconds,
    double arrivalUsMean,
    double arrivalUsP50,
    double arrivalUsP99,
    double arrivalCpuUsMean,
    double landmarksRead,
    double candidates,
    double bytesPerImage,
    double growth) {}
