package dev.mekiki.index.topology;

import dev.mekiki.hashing.group.Content;
import dev.mekiki.index.groups.GroupMetrics;
import dev.mekiki.index.groups.GroupSettings;
import java.util.function.BiPredicate;

/// What the part of the topology that keeps groups is made of.
///
/// @param settings how groups are kept
/// @param dismissed whether somebody has dismissed a pair of contents
/// @param metrics counts what is done
public record GroupTopology(
    GroupSettings settings, BiPredicate<Content, Content> dismissed, GroupMetrics metrics) {}
