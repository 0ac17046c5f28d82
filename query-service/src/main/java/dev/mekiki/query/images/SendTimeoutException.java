package dev.mekiki.query.images;

import java.io.Serial;
import java.time.Duration;

/// No broker acknowledged a record in time. It may still arrive.
public final class SendTimeoutException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  SendTimeoutException(Duration timeout, Exception cause) {
    super(
        ("the broker did not acknowledge within %d ms (expected: a reachable broker; sending again"
                + " is safe)")
            .formatted(timeout.toMillis()),
        cause);
  }
}
