package dev.mekiki.broker;

import java.io.Serial;

/// A broker that could not start for a reason its user can mend. The message names what stood in
/// the way and the remedy; it is meant to be shown alone, without a stack trace.
public final class BrokerStartException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  BrokerStartException(String message) {
    super(message);
  }

  BrokerStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
