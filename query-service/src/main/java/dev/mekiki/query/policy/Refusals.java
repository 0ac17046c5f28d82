package dev.mekiki.query.policy;

import dev.mekiki.schemas.text.BoundedText;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;

/// Why a request is not done. Messages name the input, the limit and the remedy. Stateless.
public final class Refusals {
  private Refusals() {}

  /// INVALID_ARGUMENT.
  public static StatusRuntimeException invalid(String message) {
    return refusal(Status.INVALID_ARGUMENT, message);
  }

  /// NOT_FOUND.
  public static StatusRuntimeException notFound(String message) {
    return refusal(Status.NOT_FOUND, message);
  }

  /// UNAVAILABLE: the same request may be tried again.
  public static StatusRuntimeException unavailable(String message) {
    return refusal(Status.UNAVAILABLE, message);
  }

  /// A limit is reached that the same request will meet again.
  public static StatusRuntimeException full(String message) {
    return refusal(Status.FAILED_PRECONDITION, message);
  }

  /// PERMISSION_DENIED.
  public static StatusRuntimeException denied(String message) {
    return refusal(Status.PERMISSION_DENIED, message);
  }

  /// ALREADY_EXISTS: something else is in the way.
  public static StatusRuntimeException conflict(String message) {
    return refusal(Status.ALREADY_EXISTS, message);
  }

  /// A text of at most so many bytes.
  ///
  /// @throws StatusRuntimeException INVALID_ARGUMENT where it has more
  public static String text(String field, String text, int limit) {
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
