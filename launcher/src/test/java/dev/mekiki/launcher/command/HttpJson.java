package dev.mekiki.launcher.command;

import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpServiceWithRoutes;
import com.linecorp.armeria.server.grpc.GrpcService;
import dev.mekiki.runtime.server.Problem;
import io.grpc.BindableService;

/// A service of the API over HTTP as its annotations say, for commands that call it.
public final class HttpJson {
  private HttpJson() {}

  public static HttpServiceWithRoutes of(BindableService service) {
    return GrpcService.builder()
        .addService(service)
        .enableHttpJsonTranscoding(true)
        .httpJsonTranscodingErrorHandler((ctx, status, _) ->
            Problem.response(
                status,
                switch (status.getCode()) {
                  case INVALID_ARGUMENT -> HttpStatus.BAD_REQUEST;
                  case NOT_FOUND -> HttpStatus.NOT_FOUND;
                  case PERMISSION_DENIED -> HttpStatus.FORBIDDEN;
                  default -> HttpStatus.INTERNAL_SERVER_ERROR;
                },
                ctx.request().headers()))
        .build();
  }
}
