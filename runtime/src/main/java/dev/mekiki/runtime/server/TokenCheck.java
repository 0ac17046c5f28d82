package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// Lets a request pass that names the token, or that asks an {@link OpenService}. Any other is
/// answered before its body is read: as UNAUTHENTICATED where it speaks gRPC, else by 401.
final class TokenCheck implements DecoratingHttpServiceFunction {
  private static final MediaType GRPC = MediaType.create("application", "grpc");
  private static final AsciiString GRPC_STATUS = HttpHeaderNames.of("grpc-status");
  private static final AsciiString GRPC_MESSAGE = HttpHeaderNames.of("grpc-message");

  private static final Status NO_TOKEN = refusal("no token came with the request");
  private static final Status WRONG_TOKEN = refusal("it does not name this service's token");

  private final Token token;

  TokenCheck(Token token) {
    this.token = token;
  }

  @Override
  public HttpResponse serve(HttpService service, ServiceRequestContext context, HttpRequest request)
      throws Exception {
    // The service given is the next link of a chain whose end it does not tell.
    if (context.config().service().as(OpenService.class) != null) {
      return service.serve(context, request);
    }
    String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION);
    if (token.isNamedBy(authorization)) {
      return service.serve(context, request);
    }
    Status status = authorization == null ? NO_TOKEN : WRONG_TOKEN;
    return isGrpc(request.contentType()) ? grpc(status) : http(status);
  }

  private static boolean isGrpc(@Nullable MediaType type) {
    // Also application/grpc+proto and application/grpc-web.
    return type != null
        && type.type().equals(GRPC.type())
        && type.subtype().startsWith(GRPC.subtype());
  }

  private static HttpResponse grpc(Status status) {
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(GRPC)
            .setInt(GRPC_STATUS, status.getCode().value())
            .set(GRPC_MESSAGE, String.valueOf(status.getDescription()))
            .build());
  }

  private static HttpResponse http(Status status) {
    return Problem.response(status, HttpStatus.UNAUTHORIZED)
        .mapHeaders(
            headers -> headers.toBuilder().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer").build());
  }

  private static Status refusal(String reason) {
    return Status.UNAUTHENTICATED.withDescription(
        "authorization: %s (expected: the header 'Authorization: Bearer TOKEN')".formatted(reason));
  }
}
