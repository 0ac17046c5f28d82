package dev.mekiki.query.api;

import com.linecorp.armeria.common.HttpStatus;
import io.grpc.Status;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// A request that cannot be answered, for a reason that its sender can act on.
final class ApiException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final Status.Code code;
  private final transient @Nullable HttpStatus httpStatus;

  /// @param message names the input, the limit and the remedy
  ApiException(Status.Code code, String message) {
    this(code, null, message);
  }

  private ApiException(Status.Code code, @Nullable HttpStatus httpStatus, String message) {
    super(message);
    this.code = code;
    this.httpStatus = httpStatus;
  }

  static ApiException invalid(String message) {
    return new ApiException(Status.Code.INVALID_ARGUMENT, message);
  }

  static ApiException unavailable(String message) {
    return new ApiException(Status.Code.UNAVAILABLE, message);
  }

  /// A limit of the whole service is reached; the same request may succeed later.
  static ApiException exhausted(String message) {
    return new ApiException(Status.Code.RESOURCE_EXHAUSTED, message);
  }

  /// @param code for gRPC
  /// @param httpStatus for HTTP, where it says more than the code's own
  static ApiException of(Status.Code code, HttpStatus httpStatus, String message) {
    return new ApiException(code, httpStatus, message);
  }

  Status.Code code() {
    return code;
  }

  Status status() {
    return code.toStatus().withDescription(getMessage());
  }

  /// The HTTP status where it is not the one of the code, or null.
  @Nullable HttpStatus httpStatus() {
    return httpStatus;
  }
}
