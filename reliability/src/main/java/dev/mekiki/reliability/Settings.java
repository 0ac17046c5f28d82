package dev.mekiki.reliability;

import dev.mekiki.reliability.cluster.Means;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/// What a run is.
///
/// @param seed of load and faults
/// @param load how long both last
/// @param perSecond operations, searches included
/// @param rollingRestart whether everything is ended and started again, one after the other, after
///   the random faults
/// @param means what faults may be brought about by, beside signals and files
/// @param rebuild whether the index is compared with one that is made anew from the topics
/// @param directory receives logs, topics, state and the report; empty or missing
/// @param keep whether topics and state are kept where nothing is wrong, too
public record Settings(
    long seed,
    Duration load,
    double perSecond,
    boolean rollingRestart,
    Set<Means> means,
    boolean rebuild,
    Path directory,
    boolean keep) {}
