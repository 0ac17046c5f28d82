package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// Lets a request pass that names the service's token or a tenant's, and notes its {@link Caller};
/// or one that is for an {@link OpenService}. Any other is refused before its body is read: as
/// UNAUTHENTICATED where it speaks gRPC, else with 401.
final class TokenCheck implements DecoratingHttpServiceFunction {
  private static final Status NO_TOKEN = refusal("no token came with the request");
  private static final Status WRONG_TOKEN = refusal("it does not name this service's token");

  private final Token token;
  private final @Nullable TenantTokens tenants;

  /// @param token the service's own
  /// @param tenants those that are bound to a tenant; null where none is accepted
  TokenCheck(Token token, @Nullable TenantTokens tenants) {
    this.token = token;
    this.tenants = tenants;
  }

  @Override
  public HttpResponse serve(HttpService service, ServiceRequestContext context, HttpRequest request)
      throws Exception {
    // The service given is the next link of a chain, not the service at its end.
    if (context.config().service().as(OpenService.class) != null) {
      return service.serve(context, request);
    }
    String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION);
    @Nullable Caller caller = caller(authorization);
    if (caller != null) {
      caller.setIn(context);
      return service.serve(context, request);
    }
    Status status = authorization == null ? NO_TOKEN : WRONG_TOKEN;
    return Refusal.of(request, status, HttpStatus.UNAUTHORIZED)
        .mapHeaders(headers ->
            headers.status().equals(HttpStatus.UNAUTHORIZED)
                ? headers.toBuilder().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer").build()
                : headers);
  }

  private @Nullable Caller caller(@Nullable String authorization) {
    if (token.isNamedBy(authorization)) {
      return Caller.UNBOUND;
    }
    return tenants == null ? null : tenants.caller(authorization);
  }

  private static Status refusal(String reason) {
    return Status.UNAUTHENTICATED.withDescription(
        "authorization: %s (expected: the header 'Authorization: Bearer TOKEN')".formatted(reason));
  }
}
