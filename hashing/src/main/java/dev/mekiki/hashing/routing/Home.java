package dev.mekiki.hashing.routing;

/// Where an image is stored.
///
/// @param center its bucket
/// @param shell its distance to that center
/// @param partition the partition that hosts the bucket, or that part of it
public record Home(int center, int shell, int partition) {}
