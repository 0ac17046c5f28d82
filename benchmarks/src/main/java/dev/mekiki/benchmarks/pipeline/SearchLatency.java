package dev.mekiki.benchmarks.pipeline;

/// How long a search by code over HTTP takes while nothing else happens, and while codes are
/// indexed at half of the highest sustained rate.
record SearchLatency(double idleP50Ms, double idleP99Ms, double ingestP50Ms, double ingestP99Ms) {}
