package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.RequestContext;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/// Who sent a request, as its token says.
///
/// @param tenant the tenant that the token is bound to; null for the service's own token, and where
///   no token is asked for
public record Caller(@Nullable String tenant) {
  /// One whose token is bound to no tenant.
  public static final Caller UNBOUND = new Caller(null);

  private static final AttributeKey<Caller> KEY = AttributeKey.valueOf(Caller.class, "caller");

  /// Who sent the request of a context. In a gRPC method that is the current one of {@link
  /// com.linecorp.armeria.server.ServiceRequestContext}, until the method returns.
  public static Caller of(RequestContext context) {
    @Nullable Caller known = context.attr(KEY);
    return known == null ? UNBOUND : known;
  }

  /// Notes who sent the request of a context.
  void setIn(RequestContext context) {
    var _ = context.setAttr(KEY, this);
  }
}
