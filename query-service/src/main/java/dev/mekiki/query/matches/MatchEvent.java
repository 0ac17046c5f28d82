package dev.mekiki.query.matches;

import dev.mekiki.query.json.Json;
import dev.mekiki.schemas.v1.Match;
import org.jspecify.annotations.Nullable;

/// A match as a subscriber receives it. All live subscribers share one event, and with it its JSON.
/// Immutable, thread-safe.
public final class MatchEvent {
  private final Match match;
  private final Positions next;
  private volatile @Nullable String json;

  /// @param match the match
  /// @param next where to go on after it
  MatchEvent(Match match, Positions next) {
    this.match = match;
    this.next = next;
  }

  public Match match() {
    return match;
  }

  /// Where a subscription goes on after this event.
  public Positions next() {
    return next;
  }

  /// The match as JSON with every field, written once however many subscribers ask for it.
  public String json() {
    String written = json;
    if (written == null) {
      // Two threads may both write it; their texts are equal.
      written = Json.print(match);
      json = written;
    }
    return written;
  }
}
