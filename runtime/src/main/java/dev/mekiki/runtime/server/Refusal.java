package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import io.grpc.Status;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// The answer to a request that is refused before its body is read: a gRPC status where it speaks
/// gRPC, else a {@link Problem}.
final class Refusal {
  private static final MediaType GRPC = MediaType.create("application", "grpc");
  private static final AsciiString GRPC_STATUS = HttpHeaderNames.of("grpc-status");
  private static final AsciiString GRPC_MESSAGE = HttpHeaderNames.of("grpc-message");

  private Refusal() {}

  static HttpResponse of(HttpRequest request, Status status, HttpStatus httpStatus) {
    return isGrpc(request.contentType())
        ? grpc(status)
        : Problem.response(status, httpStatus, request.headers());
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
}
