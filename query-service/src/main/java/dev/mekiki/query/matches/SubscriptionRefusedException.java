package dev.mekiki.query.matches;

import java.io.Serial;

/// A subscription beyond a limit of the feed. The message names the limit and the remedy.
public final class SubscriptionRefusedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  SubscriptionRefusedException(String message) {
    super(message);
  }
}
