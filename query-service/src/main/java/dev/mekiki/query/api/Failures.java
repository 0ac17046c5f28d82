package dev.mekiki.query.api;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ShuttingDownException;
import com.linecorp.armeria.common.stream.AbortedStreamException;
import com.linecorp.armeria.common.stream.CancelledSubscriptionException;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.ExceptionHandlerFunction;
import com.linecorp.armeria.server.grpc.UnframedGrpcErrorHandler;
import dev.mekiki.query.images.SendTimeoutException;
import dev.mekiki.query.matches.MatchesUnavailableException;
import dev.mekiki.query.matches.SubscriptionRefusedException;
import dev.mekiki.runtime.server.Problem;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one place that turns a failure into a response: a gRPC status, and over HTTP a JSON body by
/// RFC 9457 with the same message.
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  /// After this time a client may try again what a limit refused, or what was not available.
  private static final int RETRY_AFTER_SECONDS = 2;

  private Failures() {}

  /// The status of a failed operation.
  static Status status(Throwable failure) {
    return switch (failure) {
      case ApiException e -> e.status();
      case StatusRuntimeException e -> e.getStatus();
      case StatusException e -> e.getStatus();
      case CompletionException e when e.getCause() != null -> status(e.getCause());
      case ExecutionException e when e.getCause() != null -> status(e.getCause());
      case InterruptedException e -> {
        Thread.currentThread().interrupt();
        yield Status.UNAVAILABLE.withDescription("the query service stops").withCause(e);
      }
      case SubscriptionRefusedException e ->
          Status.RESOURCE_EXHAUSTED.withDescription(e.getMessage());
      case MatchesUnavailableException e -> Status.UNAVAILABLE.withDescription(e.getMessage());
      case SendTimeoutException e -> Status.UNAVAILABLE.withDescription(e.getMessage());
      case ContentTooLargeException e ->
          Status.RESOURCE_EXHAUSTED.withDescription(
              "body: more than %d bytes (expected: at most that many; a smaller copy of an image has the same codes)"
                  .formatted(e.maxContentLength()));
      case RequestTimeoutException _ ->
          Status.DEADLINE_EXCEEDED.withDescription(
              "the request took too long (expected: a body that arrives in time; try again)");
      case ShuttingDownException _ ->
          Status.UNAVAILABLE.withDescription("the query service stops (expected: try again)");
      case AbortedStreamException e ->
          Status.CANCELLED.withDescription("the request was not received whole").withCause(e);
      case CancelledSubscriptionException e ->
          Status.CANCELLED.withDescription("the request was cancelled").withCause(e);
      case ClosedStreamException e ->
          Status.CANCELLED.withDescription("the request was not received whole").withCause(e);
      case RetriableException e ->
          Status.UNAVAILABLE.withDescription(
              "Kafka did not answer: %s (expected: reachable brokers; try again, sending an image twice is safe)"
                  .formatted(e.getMessage()));
      default -> {
        log.error("request failed", failure);
        yield Status.INTERNAL.withDescription(
            "internal error (the log of the query service has the reason)");
      }
    };
  }

  /// The response to a plain HTTP request.
  ///
  /// @param request that failed
  static HttpResponse response(Throwable failure, HttpRequest request) {
    Status status = status(failure);
    return response(status, httpStatus(failure, status), request);
  }

  /// The status by which HTTP says the same.
  static HttpStatus httpStatus(Throwable failure, Status status) {
    @Nullable HttpStatus own = ownHttpStatus(failure);
    return own == null ? httpStatus(status.getCode()) : own;
  }

  private static HttpResponse response(Status status, HttpStatus httpStatus, HttpRequest request) {
    HttpResponse response = Problem.response(status, httpStatus, request.headers());
    boolean temporary =
        httpStatus.equals(HttpStatus.TOO_MANY_REQUESTS)
            || httpStatus.equals(HttpStatus.SERVICE_UNAVAILABLE);
    return temporary
        ? response.mapHeaders(headers ->
            headers.toBuilder().setInt(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS).build())
        : response;
  }

  private static @Nullable HttpStatus ownHttpStatus(Throwable failure) {
    return switch (failure) {
      case ApiException e -> e.httpStatus();
      case ContentTooLargeException _ -> HttpStatus.REQUEST_ENTITY_TOO_LARGE;
      case CompletionException e when e.getCause() != null -> ownHttpStatus(e.getCause());
      default -> null;
    };
  }

  /// For gRPC methods that are called by plain HTTP with JSON.
  static UnframedGrpcErrorHandler unframed() {
    return (ServiceRequestContext ctx, Status status, AggregatedHttpResponse response) ->
        response(status, httpStatus(status.getCode()), ctx.request());
  }

  /// For {@link HttpApi}.
  static ExceptionHandlerFunction http() {
    return (ServiceRequestContext ctx, HttpRequest request, Throwable cause) ->
        cause instanceof HttpStatusException || cause instanceof HttpResponseException
            ? ExceptionHandlerFunction.fallthrough()
            : response(cause, request);
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
