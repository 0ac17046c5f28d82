package dev.mekiki.query.policy;

import dev.mekiki.schemas.text.BoundedText;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;

/// Why a request is not done. Messages name the input, the limit and the remedy. Stateless.
final class Refusals {
  private Refusals() {}

  static StatusRuntimeException invalid(String message) {
    return refusal(Status.INVALID_ARGUMENT, message);
  }

  static StatusRuntimeException notFound(String message) {
    return refusal(Status.NOT_FOUND, message);
  }

  static StatusRuntimeException unavailable(String message) {
    return refusal(Status.UNAVAILABLE, message);
  }

  /// A limit is reached that the same request will meet again.
  static StatusRuntimeException full(String message) {
    return refusal(Status.FAILED_PRECONDITION, message);
  }

  static StatusRuntimeException denied(String message) {
    return refusal(Status.PERMISSION_DENIED, message);
  }

  /// A text of at most so many bytes.
  static String text(String field, String text, int limit) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > limit) {
      throw invalid("%s: %d bytes (expected: at most %d)".formatted(field, bytes, limit));
    }
    return text;
  }

  private static StatusRuntimeException refusal(Status status, String message) {
    return status.withDescription(BoundedText.message(message)).asRuntimeException();
  }
}
