package dev.mekiki.launcher.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.Serial;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// An answer of the query service that is an error, or none at all. The message is meant to be
/// shown alone.
public final class RemoteException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final Status.Code code;

  RemoteException(String server, StatusRuntimeException cause) {
    super(message(server, cause), cause);
    this.code = cause.getStatus().getCode();
  }

  /// The answer of a call to a server.
  ///
  /// @throws RemoteException where it is an error, or there is none
  static <T> T of(String server, Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw new RemoteException(server, e);
    }
  }

  /// Whether the service does not have what was requested.
  public boolean isNotFound() {
    return code == Status.Code.NOT_FOUND;
  }

  /// Whether the request itself is at fault: the same one will fail again.
  public boolean isInvalidRequest() {
    return code == Status.Code.INVALID_ARGUMENT || code == Status.Code.OUT_OF_RANGE;
  }

  /// Whether the service has too much to do at the moment: the same request may succeed later.
  public boolean isOverload() {
    return code == Status.Code.RESOURCE_EXHAUSTED;
  }

  private static String message(String server, StatusRuntimeException e) {
    Status status = e.getStatus();
    String description = status.getDescription();
    if (isConnectFailure(e)) {
      return "server: %s is not reachable (expected: a running query service; start one with `mekiki up`, or name another with --server)"
          .formatted(server);
    }
    Throwable refusal = tlsFailure(e);
    if (refusal != null) {
      return ("server: %s is not trusted: %s (expected: TLS at a URL with https://, and a"
              + " certificate that --trust-file FILE or an authority known to Java vouches for)")
          .formatted(server, refusal.getMessage());
    }
    return switch (status.getCode()) {
      case UNAUTHENTICATED ->
          ("server: %s requires a token: %s; name the file that holds it with --token-file FILE"
                  + " or in MEKIKI_SERVER_TOKEN_FILE")
              .formatted(server, description);
      case DEADLINE_EXCEEDED -> "server: %s did not answer in time".formatted(server);
      default -> description == null ? status.getCode() + " from " + server : description;
    };
  }

  private static @Nullable Throwable tlsFailure(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return cause;
      }
    }
    return null;
  }

  private static boolean isConnectFailure(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }
}
