package dev.mekiki.launcher.command;

import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpServiceWithRoutes;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.grpc.HttpJsonTranscodingOptions;
import com.linecorp.armeria.server.grpc.UnframedGrpcErrorHandler;
import dev.mekiki.runtime.server.Problem;
import io.grpc.BindableService;
import io.grpc.Status;

/// A service of the API over HTTP as its annotations say, for commands that call it.
public final class HttpJson {
  private HttpJson() {}

  public static HttpServiceWithRoutes of(BindableService service) {
    UnframedGrpcErrorHandler problems =
        (ctx, status, _) ->
            Problem.response(status, httpStatus(status.getCode()), ctx.request().headers());
    return GrpcService.builder()
        .addService(service)
        .enableHttpJsonTranscoding(
            HttpJsonTranscodingOptions.builder().errorHandler(problems).build())
        .build();
  }

  private static HttpStatus httpStatus(Status.Code code) {
    return switch (code) {
      case INVALID_ARGUMENT -> HttpStatus.BAD_REQUEST;
      case NOT_FOUND -> HttpStatus.NOT_FOUND;
      case PERMISSION_DENIED -> HttpStatus.FORBIDDEN;
      default -> HttpStatus.INTERNAL_SERVER_ERROR;
    };
  }
}
