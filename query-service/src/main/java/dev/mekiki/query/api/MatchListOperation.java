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

/// Lists the matches of the past, the newest first. Thread-safe.
final class MatchListOperation {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;

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
    int limit = request.hasLimit() ? request.getLimit() : DEFAULT_LIMIT;
    if (limit < 1 || limit > MAX_LIMIT) {
      throw ApiException.invalid("limit: %d (expected: 1..%d)".formatted(limit, MAX_LIMIT));
    }
    MatchPage page = page(request.getCursor(), limit, filter(caller, request));
    ListMatchesResponse.Builder response =
        ListMatchesResponse.newBuilder().addAllMatches(page.matches());
    Positions next = page.next();
    if (next != null) {
      response.setNextCursor(next.toString());
    }
    return response.build();
  }

  private MatchPage page(String cursor, int limit, Predicate<Match> filter)
      throws InterruptedException {
    Positions before = cursor.isEmpty() ? null : Positions.parse(cursor).orElse(null);
    if (before == null && !cursor.isEmpty()) {
      throw invalidCursor(cursor);
    }
    try {
      return matches.past(before, limit, filter);
    } catch (IllegalArgumentException e) {
      throw invalidCursor(cursor);
    }
  }

  private static ApiException invalidCursor(String cursor) {
    return ApiException.invalid(
        "cursor: '%s' (expected: the nextCursor of an earlier answer, or none)"
            .formatted(BoundedText.quote(cursor)));
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
