package dev.mekiki.runtime.deadletter;

import java.time.Instant;
import java.util.Optional;

/// What was done about a dead letter.
///
/// @param kind what
/// @param time when; absent where nothing was done
/// @param author who did it, in their own words; may be empty
public record DeadLetterStatus(Kind kind, Optional<Instant> time, String author) {
  /// Nothing was done yet.
  public static final DeadLetterStatus NEW = new DeadLetterStatus(Kind.NEW, Optional.empty(), "");

  /// What was done.
  public enum Kind {
    /// Nothing yet.
    NEW,
    /// It was sent to `images` again.
    RETRIED,
    /// It was hidden for good.
    DROPPED
  }
}
