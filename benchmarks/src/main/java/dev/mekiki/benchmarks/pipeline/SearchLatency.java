package dev.mekiki.benchmarks.pipeline;

/// The latency of a search by code over HTTP, on an idle system and while codes are indexed at half
/// of the highest sustained rate.
record SearchLatency(double idleP50Ms, double idleP99Ms, double ingestP50Ms, double ingestP99Ms) {}
