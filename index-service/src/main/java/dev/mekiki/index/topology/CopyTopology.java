package dev.mekiki.index.topology;

import dev.mekiki.hashing.match.PairFilter;
import dev.mekiki.index.copies.CopyMetrics;
import dev.mekiki.index.copies.CopySettings;
import dev.mekiki.index.copies.HostedLandmarks;
import dev.mekiki.schemas.v1.ReadDecisions;
import java.util.function.Supplier;

/// What the part of the topology that looks for copies is made of.
///
/// @param settings how copies are looked for
/// @param filter leaves out pairs that may be copies
/// @param hosted where open stores are published
/// @param decisions how far those were read that the filter follows
/// @param metrics counts what is found
public record CopyTopology(
    CopySettings settings,
    PairFilter filter,
    HostedLandmarks hosted,
    Supplier<ReadDecisions> decisions,
    CopyMetrics metrics) {}
