package dev.mekiki.query.matches;

import java.io.Serial;

/// The topic of matches cannot be read, or is no longer the one that a subscription began with. The
/// subscriber may come back later.
public final class MatchesUnavailableException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  MatchesUnavailableException(String message) {
    super(message);
  }
}
