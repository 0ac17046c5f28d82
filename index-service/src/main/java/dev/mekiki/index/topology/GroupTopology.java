package dev.mekiki.index.topology;

import dev.mekiki.index.groups.GroupMetrics;
import dev.mekiki.index.groups.GroupSettings;
import dev.mekiki.index.groups.Verdicts;

/// What the part of the topology that keeps groups is made of.
///
/// @param settings how groups are kept
/// @param verdicts which pairs somebody has dismissed
/// @param metrics counts what is done
public record GroupTopology(GroupSettings settings, Verdicts verdicts, GroupMetrics metrics) {}
