package dev.mekiki.reliability.fault;

import java.time.Instant;

/// A fault that was brought about.
///
/// @param from when it began
/// @param to when the processes were started, or went on
/// @param note what was seen at once, such as the exit code of an intruder; may be empty
/// @param evident whether that shows that it has happened; logs may show it later
public record Happened(Fault fault, Instant from, Instant to, String note, boolean evident) {}
