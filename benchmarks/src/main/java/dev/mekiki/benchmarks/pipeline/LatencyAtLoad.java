package dev.mekiki.benchmarks.pipeline;

/// The latency from produce to match at a steady rate.
///
/// @param load share of the highest sustained rate
/// @param perSecond that rate
/// @param matches arrivals whose match was waited for
/// @param missing those whose match did not arrive in time
record LatencyAtLoad(
    double load, double p50Ms, double p99Ms, double perSecond, int matches, int missing) {}
