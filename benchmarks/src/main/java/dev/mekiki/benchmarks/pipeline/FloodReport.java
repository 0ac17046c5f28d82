package dev.mekiki.benchmarks.pipeline;

/// What `mekiki bench flood` prints.
///
/// @param copies of one picture that were sent
/// @param codesPerSecond of different pictures, one in forty of them a copy of another
/// @param floodCodesPerSecond of copies of one picture, sent as fast as the broker takes them
/// @param floodOverNormal the latter over the former
/// @param events that the copies made
/// @param quarantineEvents summaries instead of the others
/// @param heldBack images and probes that were not looked up
/// @param alone other pictures at a tenth of the rate, before
/// @param beside the same beside copies at half of the rate
/// @param complete every pair of other pictures was emitted once
record FloodReport(
    int copies,
    double codesPerSecond,
    double floodCodesPerSecond,
    double floodOverNormal,
    long events,
    int quarantineEvents,
    long heldBack,
    LatencyAtLoad alone,
    LatencyAtLoad beside,
    boolean complete) {}
