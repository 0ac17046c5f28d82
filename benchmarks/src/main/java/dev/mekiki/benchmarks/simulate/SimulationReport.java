package dev.mekiki.benchmarks.simulate;

/// What `mekiki bench scale --simulate` prints for a number of partitions; docs/scaling.md explains
/// each number. An arrival loads its home with one look-up, and each partition that it probes with
/// another one.
///
/// @param partitionsHosting partitions that host a bucket; others stay empty and are never probed
/// @param probesPerImage other partitions that an arrival probes, a mean
/// @param rowsMean images of a partition, the mean over all partitions
/// @param rowsFullestOverMean those of the fullest against it
/// @param lookUpsMean arrivals and probes of a partition, the mean over all partitions
/// @param lookUpsBusiestOverMean those of the busiest against it
/// @param comparedMean rows that all look-ups of a partition meet, the mean over all partitions
/// @param comparedBusiestOverMean those of the busiest against it
/// @param complete exactly the pairs within the rule were reported
/// @param duplicateEvents events beyond the first of a pair
public record SimulationReport(
    int partitions,
    int partitionsHosting,
    String reach,
    String distribution,
    int centers,
    int images,
    double probesPerImage,
    double rowsMean,
    double rowsFullestOverMean,
    double lookUpsMean,
    double lookUpsBusiestOverMean,
    double comparedMean,
    double comparedBusiestOverMean,
    int pairs,
    boolean complete,
    long duplicateEvents) {}
