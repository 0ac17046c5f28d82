package dev.mekiki.benchmarks.pipeline;

/// How long it takes to compare two indexed images over HTTP, one pair at a time.
///
/// @param pairs that were compared
/// @param p50Ms median time of one
/// @param maxMs the longest
record CompareLatency(int pairs, double p50Ms, double p99Ms, double maxMs) {}
