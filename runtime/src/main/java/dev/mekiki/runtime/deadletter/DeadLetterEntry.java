package dev.mekiki.runtime.deadletter;

import java.util.Comparator;

/// A dead letter, and what was done about it.
///
/// @param letter what it says
/// @param status what was done
public record DeadLetterEntry(DeadLetterRecord letter, DeadLetterStatus status) {
  /// Oldest first.
  public static final Comparator<DeadLetterEntry> BY_TIME =
      Comparator.comparingLong((DeadLetterEntry entry) -> entry.letter().timestamp())
          .thenComparing(entry -> entry.letter().position());
}
