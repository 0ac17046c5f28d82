package dev.mekiki.reliability;

import dev.mekiki.reliability.fault.FaultSchedule;
import java.nio.file.Path;
import java.time.Duration;

/// What a run is.
///
/// @param seed of load and faults
/// @param load how long both last
/// @param perSecond operations, searches included
/// @param soak whether there are no faults, and memory is sampled
/// @param rollingRestart whether everything is ended and started again, one after the other, after
///   the random faults
/// @param wanted which faults there are, and how close they are
/// @param rebuild whether the index is compared with one that is made anew from the topics
/// @param directory receives logs, topics, state and the report; empty or missing
/// @param keep whether topics and state are kept where nothing is wrong, too
public record Settings(
    long seed,
    Duration load,
    double perSecond,
    boolean soak,
    boolean rollingRestart,
    FaultSchedule.Wanted wanted,
    boolean rebuild,
    Path directory,
    boolean keep) {}
