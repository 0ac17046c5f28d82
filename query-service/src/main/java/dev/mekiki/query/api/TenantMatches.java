package dev.mekiki.query.api;

import dev.mekiki.query.matches.MatchEvent;
import dev.mekiki.query.matches.MatchSink;
import dev.mekiki.query.matches.Positions;
import dev.mekiki.schemas.v1.Match;
import org.jspecify.annotations.Nullable;

/// Passes on the matches of which both images are one tenant's.
///
/// @param tenant whose they are; empty for the default tenant
/// @param sink takes them
record TenantMatches(String tenant, MatchSink sink) implements MatchSink {
  /// What a caller sees of the matches.
  ///
  /// @param tenant whose matches alone; null for everybody's
  static MatchSink seenBy(@Nullable String tenant, MatchSink sink) {
    return tenant == null ? sink : new TenantMatches(tenant, sink);
  }

  /// Whether both images of a match are a tenant's.
  static boolean isOf(String tenant, Match match) {
    return tenant.equals(match.getLater().getTenant())
        && tenant.equals(match.getEarlier().getTenant());
  }

  @Override
  public void begin(Positions start) throws InterruptedException {
    sink.begin(start);
  }

  @Override
  public void send(MatchEvent event) throws InterruptedException {
    if (isOf(tenant, event.match())) {
      sink.send(event);
    } else {
      // To its subscriber this is a time without matches, however many others have.
      sink.idle(null);
    }
  }

  @Override
  public void idle(@Nullable String problem) throws InterruptedException {
    sink.idle(problem);
  }

  @Override
  public void end() {
    sink.end();
  }

  @Override
  public void fail(Throwable cause) {
    sink.fail(cause);
  }

  @Override
  public boolean isCancelled() {
    return sink.isCancelled();
  }
}
