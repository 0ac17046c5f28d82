package dev.mekiki.runtime.failure;

import java.io.Serial;

/// A component that is not retried any more. The message names it, how often and how long it was
/// tried, and the last reason; it can be shown alone. The process should end with it.
public final class ComponentFailedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  ComponentFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
