package dev.mekiki.benchmarks.flat;

/// The nearest codes of a flat array.
///
/// @param positions by ascending distance, ties by ascending position
/// @param distances of these positions
@SuppressWarnings("ArrayRecordComponent") // a carrier of results; nobody compares two of them
public record Nearest(int[] positions, int[] distances) {}
