package dev.mekiki.broker;

import java.io.Serial;

/// A broker could not start, for a reason that its user can remove. The message names the reason
/// and the remedy; it is shown alone, without a stack trace.
public final class BrokerStartException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  BrokerStartException(String message) {
    super(message);
  }

  BrokerStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
