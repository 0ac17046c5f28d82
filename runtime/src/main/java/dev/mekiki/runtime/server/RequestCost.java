package dev.mekiki.runtime.server;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/// What a request counts for the rate limit of its token: 1, until its service says that it holds
/// several. Thread-safe.
public final class RequestCost {
  private static final RequestCost FREE = new RequestCost(null);
  private static final AttributeKey<RequestCost> KEY =
      AttributeKey.valueOf(RequestCost.class, "COST");

  private final @Nullable RateLimit limit;

  private RequestCost(@Nullable RateLimit limit) {
    this.limit = limit;
  }

  /// That of a request, which has no limit where its token has none.
  public static RequestCost of(ServiceRequestContext context) {
    @Nullable RequestCost cost = context.attr(KEY);
    return cost == null ? FREE : cost;
  }

  /// Notes whose limit a request counts for.
  static void set(ServiceRequestContext context, RateLimit limit) {
    context.setAttr(KEY, new RequestCost(limit));
  }

  /// Counts a request that holds several as so many. It is not refused: what it takes beyond the
  /// limit later ones wait for.
  ///
  /// @param requests at least 0
  public void raise(int requests) {
    if (limit != null && requests > 1) {
      limit.takeMore(requests - 1);
    }
  }
}
