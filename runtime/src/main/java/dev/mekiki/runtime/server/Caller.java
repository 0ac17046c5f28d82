package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.RequestContext;
import io.netty.util.AttributeKey;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who sent a request, as its token or certificate says.
///
/// @param name of the token, for the audit log
/// @param tenant the tenant that the token is bound to; null where it is bound to none
/// @param roles what the caller may do
public record Caller(String name, @Nullable String tenant, Set<Role> roles) {
  /// Anybody, where no token is asked for.
  public static final Caller ANYBODY = new Caller("anybody", null, EnumSet.allOf(Role.class));

  /// Who has the service's own token, or a certificate of a service.
  public static final Caller SERVICE = new Caller("service", null, EnumSet.allOf(Role.class));

  private static final AttributeKey<Caller> KEY = AttributeKey.valueOf(Caller.class, "caller");

  /// A caller with these roles.
  public Caller {
    roles = Set.copyOf(roles);
  }

  /// Who sent the request of a context. In a gRPC method that is the current one of {@link
  /// com.linecorp.armeria.server.ServiceRequestContext}, until the method returns.
  public static Caller of(RequestContext context) {
    @Nullable Caller known = context.attr(KEY);
    return known == null ? ANYBODY : known;
  }

  /// Notes who sent the request of a context.
  void setIn(RequestContext context) {
    var _ = context.setAttr(KEY, this);
  }
}
