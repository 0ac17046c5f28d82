package dev.mekiki.client;

import com.linecorp.armeria.client.UnprocessedRequestException;
import com.linecorp.armeria.common.TimeoutException;
import dev.mekiki.schemas.text.BoundedText;
import java.io.Serial;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// There was no answer, or none that could be read. Whether the service did what was asked is not
/// known unless {@link #reason()} says {@link Reason#UNREACHABLE} or {@link Reason#NOT_TRUSTED}.
public final class NoAnswerException extends MekikiException {
  @Serial private static final long serialVersionUID = 1L;

  /// Why there is no answer.
  public enum Reason {
    /// No connection could be made; the service has not seen the request.
    UNREACHABLE,
    /// The service's certificate is not trusted, or it does not speak TLS; it has not seen the
    /// request.
    NOT_TRUSTED,
    /// Nothing came in time.
    TIMEOUT,
    /// The connection broke, or what came is no answer of a query service.
    BROKEN,
    /// The calling thread was interrupted.
    INTERRUPTED
  }

  private final Reason reason;

  private NoAnswerException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /// The exception for a failed call.
  static NoAnswerException of(String server, Throwable failure) {
    @Nullable Throwable distrust = cause(failure, SSLException.class);
    if (distrust != null) {
      return new NoAnswerException(
          Reason.NOT_TRUSTED,
          "server: %s is not trusted: %s (expected: TLS at a URL with https://, and a certificate that a trusted authority vouches for)"
              .formatted(server, BoundedText.message(distrust)),
          failure);
    }
    if (cause(failure, UnprocessedRequestException.class) != null) {
      return new NoAnswerException(
          Reason.UNREACHABLE,
          "server: %s is not reachable (expected: a running query service)".formatted(server),
          failure);
    }
    if (cause(failure, TimeoutException.class) != null) {
      return new NoAnswerException(
          Reason.TIMEOUT, "server: %s did not answer in time".formatted(server), failure);
    }
    return new NoAnswerException(
        Reason.BROKEN,
        "server: the answer of %s broke off or cannot be read: %s"
            .formatted(server, BoundedText.message(failure)),
        failure);
  }

  static NoAnswerException interrupted(InterruptedException cause) {
    return new NoAnswerException(
        Reason.INTERRUPTED, "interrupted while waiting for the answer", cause);
  }

  /// Why there is none.
  public Reason reason() {
    return reason;
  }

  private static @Nullable Throwable cause(
      @Nullable Throwable failure, Class<? extends Throwable> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return cause;
      }
    }
    return null;
  }
}
