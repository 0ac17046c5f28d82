package dev.mekiki.query.matches;

import dev.mekiki.schemas.v1.Match;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some matches.
///
/// @param matches those that were asked for
/// @param next of a page of the past: where the next one ends; null where there are no more
/// @param position where what comes later begins; null where the page says nothing of that
public record MatchPage(
    List<Match> matches, @Nullable Positions next, @Nullable Positions position) {
  public MatchPage {
    matches = List.copyOf(matches);
  }
}
