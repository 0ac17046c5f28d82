package dev.mekiki.benchmarks.flat;

/// The nearest codes of a flat array.
///
/// @param positions by ascending distance, ties by ascending position
/// @param distances of these positions
@SuppressWarnings("ArrayRecordComponent") // a carrier of results, never compared
public record Nearest(int[] positions, int[] distances) {}
