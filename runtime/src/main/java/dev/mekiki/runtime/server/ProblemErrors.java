package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.mekiki.schemas.text.BoundedText;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a server answers where no service of it does: paths and methods that it does not have,
/// bodies that are too large, requests that take too long or are no HTTP, and defects. Each is a
/// {@link Problem}. Stateless, thread-safe.
final class ProblemErrors implements ServerErrorHandler {
  private static final Logger log = LoggerFactory.getLogger(ProblemErrors.class);

  @Override
  public @Nullable HttpResponse onServiceException(ServiceRequestContext context, Throwable cause) {
    return switch (cause) {
      case HttpResponseException e -> e.httpResponse();
      case HttpStatusException e -> problem(context, e.httpStatus());
      case ContentTooLargeException _ -> problem(context, HttpStatus.REQUEST_ENTITY_TOO_LARGE);
      case RequestTimeoutException _ ->
          Problem.response(
              Status.UNAVAILABLE.withDescription(tooSlow(context.config())),
              HttpStatus.SERVICE_UNAVAILABLE,
              context.request().headers());
      case IllegalArgumentException e ->
          Problem.response(
              Status.INVALID_ARGUMENT.withDescription(BoundedText.message(e)),
              HttpStatus.BAD_REQUEST,
              context.request().headers());
      // The caller is gone and reads no answer.
      case StatusRuntimeException e when e.getStatus().getCode() == Status.Code.CANCELLED -> {
        log.debug("Request cancelled path={}", BoundedText.quote(context.path()));
        yield problem(context, HttpStatus.INTERNAL_SERVER_ERROR);
      }
      default -> {
        log.error("Request failed path={}", BoundedText.quote(context.path()), cause);
        yield problem(context, HttpStatus.INTERNAL_SERVER_ERROR);
      }
    };
  }

  @Override
  public AggregatedHttpResponse renderStatus(
      @Nullable ServiceRequestContext context,
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    return Problem.aggregated(
        code(status)
            .withDescription(
                cause instanceof RequestTimeoutException
                    ? tooSlow(config)
                    : detail(config, headers, status, description)),
        status,
        headers);
  }

  @Override
  public AggregatedHttpResponse onProtocolViolation(
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    return renderStatus(null, config, headers, status, description, cause);
  }

  private static HttpResponse problem(ServiceRequestContext context, HttpStatus status) {
    return Problem.response(
        code(status)
            .withDescription(detail(context.config(), context.request().headers(), status, null)),
        status,
        context.request().headers());
  }

  private static String detail(
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description) {
    String path = headers == null ? "" : BoundedText.quote(headers.path());
    String method = headers == null ? "" : headers.method().name();
    return switch (status.code()) {
      case 404 -> "path: '%s' is not known (expected: a path of this service)".formatted(path);
      case 405 ->
          "method: %s is not allowed at '%s' (expected: the method that the path is for)"
              .formatted(method, path);
      case 413 ->
          "request body: too large (expected: at most %d bytes)"
              .formatted(config.maxRequestLength());
      case 500 -> "request: failed for a reason inside the service, which its log names";
      default ->
          BoundedText.message(
              description == null ? status.reasonPhrase() : status + ": " + description);
    };
  }

  private static String tooSlow(ServiceConfig config) {
    return "request: not answered within %d s (expected: less work; try again later)"
        .formatted(config.requestTimeoutMillis() / 1000);
  }

  private static Status code(HttpStatus status) {
    return switch (status.code()) {
      case 400, 411, 414, 415, 431 -> Status.INVALID_ARGUMENT;
      case 401 -> Status.UNAUTHENTICATED;
      case 403 -> Status.PERMISSION_DENIED;
      case 404 -> Status.NOT_FOUND;
      case 405, 501 -> Status.UNIMPLEMENTED;
      case 408, 504 -> Status.DEADLINE_EXCEEDED;
      case 413 -> Status.OUT_OF_RANGE;
      case 429 -> Status.RESOURCE_EXHAUSTED;
      case 503 -> Status.UNAVAILABLE;
      default -> status.code() < 500 ? Status.INVALID_ARGUMENT : Status.INTERNAL;
    };
  }
}
