package dev.mekiki.query.api;

import dev.mekiki.query.matches.MatchFeed;
import dev.mekiki.query.matches.MatchPage;
import dev.mekiki.query.matches.Positions;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.ListMatchesRequest;
import dev.mekiki.schemas.v1.ListMatchesResponse;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Lists matches: those of the past, the newest first, or those behind a place, the oldest first.
/// Thread-safe.
final class MatchListOperation {
  private final MatchFeed matches;
  private final TenantRules tenants;

  MatchListOperation(MatchFeed matches, TenantRules tenants) {
    this.matches = matches;
    this.tenants = tenants;
  }

  /// Those that a caller sees.
  ///
  /// @throws dev.mekiki.query.matches.SubscriptionRefusedException where as many lists are read as
  ///   allowed
  ListMatchesResponse list(Caller caller, ListMatchesRequest request) throws InterruptedException {
    int limit = Paging.limit(request.hasLimit() ? request.getLimit() : Paging.DEFAULT_LIMIT);
    if (!request.getAfter().isEmpty() && !request.getCursor().isEmpty()) {
      throw ApiException.invalid(
          "after: beside cursor (expected: one of them; cursor goes back from the present, after goes on from a position)");
    }
    MatchPage page = page(request, limit, filter(caller, request));
    ListMatchesResponse.Builder response =
        ListMatchesResponse.newBuilder().addAllMatches(page.matches());
    Positions next = page.next();
    if (next != null) {
      response.setNextCursor(next.toString());
    }
    Positions position = page.position();
    if (position != null) {
      response.setPosition(position.toString());
    }
    return response.build();
  }

  private MatchPage page(ListMatchesRequest request, int limit, Predicate<Match> filter)
      throws InterruptedException {
    if (!request.getAfter().isEmpty()) {
      return later(request.getAfter(), limit, filter);
    }
    String cursor = request.getCursor();
    Positions before = cursor.isEmpty() ? null : Positions.parse(cursor).orElse(null);
    if (before == null && !cursor.isEmpty()) {
      throw invalid("cursor", cursor, "the nextCursor of an earlier answer, or none");
    }
    try {
      return matches.past(before, limit, filter);
    } catch (IllegalArgumentException e) {
      throw invalid("cursor", cursor, "the nextCursor of an earlier answer, or none");
    }
  }

  private MatchPage later(String after, int limit, Predicate<Match> filter)
      throws InterruptedException {
    try {
      return matches.later(
          Positions.parse(after).orElseThrow(IllegalArgumentException::new), limit, filter);
    } catch (IllegalArgumentException e) {
      throw invalid("after", after, "the position of an earlier answer, or the id of an event");
    }
  }

  private static ApiException invalid(String parameter, String text, String expected) {
    return ApiException.invalid(
        "%s: '%s' (expected: %s)".formatted(parameter, BoundedText.quote(text), expected));
  }

  private Predicate<Match> filter(Caller caller, ListMatchesRequest request) {
    if (request.getKind() == MatchKind.UNRECOGNIZED) {
      throw ApiException.invalid(
          "kind: unknown (expected: EXACT, DUPLICATE, NEAR, SHARES_ELEMENT)");
    }
    @Nullable String tenant =
        tenants.searched(caller, request.hasTenant() ? request.getTenant() : null);
    return match ->
        (tenant == null || TenantMatches.isOf(tenant, match))
            && (request.getKind() == MatchKind.MATCH_KIND_UNSPECIFIED
                || request.getKind() == match.getKind())
            && (!request.hasLabel() || request.getLabel().equals(match.getCenterLabel()));
  }
}
