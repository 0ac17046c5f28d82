package dev.mekiki.query.search;

/// The order in which a search asks partitions.
public enum Waves {
  /// The closest partitions first, then those that the distance of the k-th hit leaves possible.
  /// For the k nearest images, which mostly lie in one or two partitions.
  CLOSEST_FIRST,
  /// All partitions within the radius at once. For everything within a radius, which needs them
  /// all.
  ALL_AT_ONCE
}
