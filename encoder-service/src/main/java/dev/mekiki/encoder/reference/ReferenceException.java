package dev.mekiki.encoder.reference;

import dev.mekiki.schemas.text.BoundedText;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A reference that gives no image. Its message is bounded, fit for the sender, and holds neither
/// user information nor the query of a URI, which may be secrets.
public final class ReferenceException extends Exception {
  private final Kind kind;
  private final boolean passing;
  private final Duration retryAfter;

  /// What is wrong.
  public enum Kind {
    /// It may not be fetched.
    REFUSED,
    /// It may be fetched, but there is no image to be had.
    UNAVAILABLE,
    /// It is larger than images may be.
    TOO_MANY_BYTES
  }

  private ReferenceException(
      Kind kind, boolean passing, Duration retryAfter, String message, @Nullable Throwable cause) {
    super(BoundedText.message(message), cause, false, false);
    this.kind = kind;
    this.passing = passing;
    this.retryAfter = retryAfter;
  }

  /// It may not be fetched.
  static ReferenceException refused(String message) {
    return new ReferenceException(Kind.REFUSED, false, Duration.ZERO, message, null);
  }

  /// There is no image, and trying again would not help.
  static ReferenceException unavailable(String message) {
    return new ReferenceException(Kind.UNAVAILABLE, false, Duration.ZERO, message, null);
  }

  /// There is no image now; trying again may help.
  static ReferenceException passing(String message, @Nullable Throwable cause) {
    return passing(message, Duration.ZERO, cause);
  }

  /// There is no image now; trying again may help.
  ///
  /// @param retryAfter for how long it would not
  static ReferenceException passing(
      String message, Duration retryAfter, @Nullable Throwable cause) {
    return new ReferenceException(Kind.UNAVAILABLE, true, retryAfter, message, cause);
  }

  /// It is larger than images may be.
  ///
  /// @param bytes its size as far as it is known, such as `20000000 bytes`
  static ReferenceException tooManyBytes(String bytes, int maxBytes) {
    return new ReferenceException(
        Kind.TOO_MANY_BYTES,
        false,
        Duration.ZERO,
        "%s (expected: at most %d, the limit mekiki.images.max-bytes)".formatted(bytes, maxBytes),
        null);
  }

  /// The same, naming what was to be fetched.
  ///
  /// @param subject the header and the URI without its secrets
  ReferenceException about(String subject) {
    return new ReferenceException(
        kind, passing, retryAfter, subject + ": " + getMessage(), getCause());
  }

  /// What is wrong.
  public Kind kind() {
    return kind;
  }

  /// Whether trying again may help.
  boolean isPassing() {
    return passing;
  }

  /// How long the server asks to wait before that.
  Duration retryAfter() {
    return retryAfter;
  }
}
