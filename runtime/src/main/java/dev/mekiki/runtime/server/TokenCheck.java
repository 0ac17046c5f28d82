package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.mekiki.schemas.text.BoundedText;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Lets a request pass whose {@link Caller} is known and has the role that its endpoint needs, and
/// notes the caller; or one that is for an {@link OpenService}. Any other is refused before its
/// body is read: as UNAUTHENTICATED or PERMISSION_DENIED where it speaks gRPC, else with 401 or
/// 403.
final class TokenCheck implements DecoratingHttpServiceFunction {
  private static final Status NO_TOKEN = refusal("no token came with the request");
  private static final Status WRONG_TOKEN = refusal("it does not name a token of this service");

  /// The services among themselves: each limits its own callers.
  private static final Tokens.Known SERVICE = new Tokens.Known(Caller.SERVICE, null);

  private final @Nullable Token token;
  private final @Nullable Tokens tokens;
  private final boolean trustsCertificates;
  private final Permissions permissions;
  private final Counter throttled;

  /// @param access guarded by a token or certificates
  TokenCheck(Access access, Permissions permissions, MeterRegistry meters) {
    this.token = access.token();
    this.tokens = access.tokens();
    this.trustsCertificates = access.peers() != null;
    this.permissions = permissions;
    this.throttled =
        Counter.builder("mekiki.server.throttled")
            .description("Requests that were refused because their token sent too many")
            .register(meters);
  }

  @Override
  public HttpResponse serve(HttpService service, ServiceRequestContext context, HttpRequest request)
      throws Exception {
    // The service given is the next link of a chain, not the service at its end.
    if (context.config().service().as(OpenService.class) != null) {
      return service.serve(context, request);
    }
    String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION);
    Tokens.@Nullable Known known = find(authorization);
    if (known == null && trustsCertificates && showsCertificate(context)) {
      known = SERVICE;
    }
    if (known == null) {
      return unknown(request, authorization == null ? NO_TOKEN : WRONG_TOKEN);
    }
    Caller caller = known.caller();
    @Nullable RateLimit limit = known.limit();
    if (limit != null) {
      if (!limit.take(context)) {
        throttled.increment();
        return Refusal.of(request, tooMany(caller, limit), HttpStatus.TOO_MANY_REQUESTS);
      }
      RequestCost.set(context, limit);
    }
    @Nullable Role needed = permissions.needed(context.config(), request.method());
    if (needed != null && !caller.roles().contains(needed)) {
      AuditLog.write(
          caller,
          "refused",
          Map.of("request", context.method() + " " + context.path()),
          AuditLog.Outcome.REFUSED,
          "the role '%s' is missing".formatted(needed.text()));
      return Refusal.of(request, missing(needed, caller, context), HttpStatus.FORBIDDEN);
    }
    caller.setIn(context);
    return service.serve(context, request);
  }

  private Tokens.@Nullable Known find(@Nullable String authorization) {
    if (token != null && token.isNamedBy(authorization)) {
      return SERVICE;
    }
    return tokens == null ? null : tokens.find(authorization);
  }

  /// Whether the caller has shown a certificate. The handshake has refused those that no authority
  /// of services vouches for.
  private static boolean showsCertificate(ServiceRequestContext context) {
    @Nullable SSLSession session = context.sslSession();
    try {
      return session != null && session.getPeerCertificates().length > 0;
    } catch (SSLPeerUnverifiedException _) {
      return false;
    }
  }

  private static HttpResponse unknown(HttpRequest request, Status status) {
    return Refusal.of(request, status, HttpStatus.UNAUTHORIZED)
        .mapHeaders(headers ->
            headers.status().equals(HttpStatus.UNAUTHORIZED)
                ? headers.toBuilder().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer").build()
                : headers);
  }

  private static Status tooMany(Caller caller, RateLimit limit) {
    return Status.RESOURCE_EXHAUSTED.withDescription(
        "authorization: the token '%s' sent too many requests (expected: at most %d a second; try again after Retry-After)"
            .formatted(caller.name(), limit.perSecond()));
  }

  private static Status missing(Role needed, Caller caller, ServiceRequestContext context) {
    return Status.PERMISSION_DENIED.withDescription(
        "authorization: the token '%s' has not the role '%s' that %s %s needs (expected: a token with this role)"
            .formatted(
                caller.name(), needed.text(), context.method(), BoundedText.quote(context.path())));
  }

  private static Status refusal(String reason) {
    return Status.UNAUTHENTICATED.withDescription(
        "authorization: %s (expected: the header 'Authorization: Bearer TOKEN')".formatted(reason));
  }
}
