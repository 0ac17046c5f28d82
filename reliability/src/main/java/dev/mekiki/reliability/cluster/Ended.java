package dev.mekiki.reliability.cluster;

import java.time.Instant;

/// A process that ended although nobody ended it.
///
/// @param node its name
/// @param exitCode as the system says it
public record Ended(Instant time, String node, int exitCode) {}
