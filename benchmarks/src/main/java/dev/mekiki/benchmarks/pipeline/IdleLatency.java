package dev.mekiki.benchmarks.pipeline;

/// The time from sending one code to an idle system until its match is read: two commits of the
/// index lie between where both images are stored in one partition, three where they are not.
record IdleLatency(
    int sameHomeMatches,
    double sameHomeP50Ms,
    double sameHomeP99Ms,
    int otherHomeMatches,
    double otherHomeP50Ms,
    double otherHomeP99Ms) {}
