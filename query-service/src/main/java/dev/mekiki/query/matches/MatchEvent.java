package dev.mekiki.query.matches;

import dev.mekiki.schemas.v1.Match;

/// A match as a subscriber receives it.
///
/// @param match the match
/// @param next where to go on after it
public record MatchEvent(Match match, Positions next) {}
