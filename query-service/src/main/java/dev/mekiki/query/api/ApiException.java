package dev.mekiki.query.api;

import io.grpc.Status;
import java.io.Serial;

/// A request that cannot be answered, for a reason that its sender is told.
final class ApiException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final Status.Code code;

  /// @param code what kind of reason
  /// @param message names the input, the limit and the remedy
  ApiException(Status.Code code, String message) {
    super(message);
    this.code = code;
  }

  static ApiException invalid(String message) {
    return new ApiException(Status.Code.INVALID_ARGUMENT, message);
  }

  static ApiException unavailable(String message) {
    return new ApiException(Status.Code.UNAVAILABLE, message);
  }

  Status status() {
    return code.toStatus().withDescription(getMessage());
  }
}
