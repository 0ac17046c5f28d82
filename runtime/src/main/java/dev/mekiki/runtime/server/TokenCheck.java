package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;

/// Lets a request pass that names the token, or that is for an {@link OpenService}. Any other is
/// refused before its body is read: as UNAUTHENTICATED where it speaks gRPC, else with 401.
final class TokenCheck implements DecoratingHttpServiceFunction {
  private static final Status NO_TOKEN = refusal("no token came with the request");
  private static final Status WRONG_TOKEN = refusal("it does not name this service's token");

  private final Token token;

  TokenCheck(Token token) {
    this.token = token;
  }

  @Override
  public HttpResponse serve(HttpService service, ServiceRequestContext context, HttpRequest request)
      throws Exception {
    // The service given is the next link of a chain, not the service at its end.
    if (context.config().service().as(OpenService.class) != null) {
      return service.serve(context, request);
    }
    String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION);
    if (token.isNamedBy(authorization)) {
      return service.serve(context, request);
    }
    Status status = authorization == null ? NO_TOKEN : WRONG_TOKEN;
    return Refusal.of(request, status, HttpStatus.UNAUTHORIZED)
        .mapHeaders(headers ->
            headers.status().equals(HttpStatus.UNAUTHORIZED)
                ? headers.toBuilder().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer").build()
                : headers);
  }

  private static Status refusal(String reason) {
    return Status.UNAUTHENTICATED.withDescription(
        "authorization: %s (expected: the header 'Authorization: Bearer TOKEN')".formatted(reason));
  }
}
