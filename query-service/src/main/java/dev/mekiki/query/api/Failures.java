package dev.mekiki.query.api;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.ExceptionHandlerFunction;
import com.linecorp.armeria.server.grpc.UnframedGrpcErrorHandler;
import dev.mekiki.runtime.server.Problem;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one place that decides what a user is told of a failure: a gRPC status, and over HTTP a JSON
/// body by RFC 9457 with the same message.
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /// The status of a failed operation.
  static Status status(Throwable failure) {
    return switch (failure) {
      case ApiException e -> e.status();
      case StatusRuntimeException e -> e.getStatus();
      case CompletionException e when e.getCause() != null -> status(e.getCause());
      case ExecutionException e when e.getCause() != null -> status(e.getCause());
      case InterruptedException e -> {
        Thread.currentThread().interrupt();
        yield Status.UNAVAILABLE.withDescription("the query service stops").withCause(e);
      }
      case RetriableException e ->
          Status.UNAVAILABLE.withDescription(
              "the broker did not acknowledge: %s (expected: a reachable broker; try again)"
                  .formatted(e.getMessage()));
      default -> {
        log.error("request failed", failure);
        yield Status.INTERNAL.withDescription(
            "internal error (the log of the query service has the reason)");
      }
    };
  }

  /// Bodies for requests that came as HTTP/JSON and failed in gRPC.
  static UnframedGrpcErrorHandler transcoded() {
    return (ServiceRequestContext ctx, Status status, AggregatedHttpResponse response) ->
        Problem.response(status, httpStatus(status.getCode()));
  }

  /// Bodies for requests that came as plain HTTP.
  static ExceptionHandlerFunction plain() {
    return (ServiceRequestContext ctx, HttpRequest request, Throwable cause) -> {
      if (cause instanceof HttpStatusException || cause instanceof HttpResponseException) {
        return ExceptionHandlerFunction.fallthrough();
      }
      Status status =
          cause instanceof IllegalArgumentException
              ? Status.INVALID_ARGUMENT.withDescription(cause.getMessage())
              : status(cause);
      return Problem.response(status, httpStatus(status.getCode()));
    };
  }

  private static HttpStatus httpStatus(Status.Code code) {
    return switch (code) {
      case OK -> HttpStatus.OK;
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> HttpStatus.BAD_REQUEST;
      case NOT_FOUND -> HttpStatus.NOT_FOUND;
      case ALREADY_EXISTS, ABORTED -> HttpStatus.CONFLICT;
      case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
      case PERMISSION_DENIED -> HttpStatus.FORBIDDEN;
      case RESOURCE_EXHAUSTED -> HttpStatus.TOO_MANY_REQUESTS;
      case UNIMPLEMENTED -> HttpStatus.NOT_IMPLEMENTED;
      case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
      case DEADLINE_EXCEEDED -> HttpStatus.GATEWAY_TIMEOUT;
      case CANCELLED -> HttpStatus.CLIENT_CLOSED_REQUEST;
      case UNKNOWN, INTERNAL, DATA_LOSS -> HttpStatus.INTERNAL_SERVER_ERROR;
    };
  }
}
