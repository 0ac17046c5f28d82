package dev.mekiki.query.matches;

import dev.mekiki.schemas.v1.Match;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some matches of the past, the newest first.
///
/// @param matches those that were asked for
/// @param next where the next page ends; null where there are no more
public record MatchPage(List<Match> matches, @Nullable Positions next) {
  public MatchPage {
    matches = List.copyOf(matches);
  }
}
