package dev.mekiki.benchmarks.plan;

/// What a number of images and a rate of arrivals take; docs/scaling.md explains each number. NaN
/// where a constant was not measured.
///
/// @param partitions the fewest that keep the busiest thread below its share of a core, 0 where no
///   number does
/// @param busiestCore share of a core that the thread of the busiest partition needs, with as many
///   partitions, or with the best number if none is enough
/// @param probes of an arrival, a mean
/// @param rows images of the fullest partition
/// @param indexCores that all index instances need, so that each is as busy as allowed
/// @param indexBytes of memory for the structures, standbys included
/// @param indexMachines for both
/// @param encoderCores for the network and decoding, without a GPU
/// @param gpus instead of those
/// @param brokerBytes of all topics but `images`, all copies, probes included
/// @param probeBytes of these, probes
/// @param takeoverSeconds until the partitions of a lost machine are restored where no standby is
public record PlanRow(
    String reach,
    double images,
    double arrivalsPerSecond,
    int partitions,
    double busiestCore,
    double probes,
    double rows,
    double indexCores,
    double indexBytes,
    double indexMachines,
    double encoderCores,
    double gpus,
    double brokerBytes,
    double probeBytes,
    double takeoverSeconds) {}
