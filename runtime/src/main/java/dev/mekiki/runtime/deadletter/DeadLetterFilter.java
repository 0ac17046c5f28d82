package dev.mekiki.runtime.deadletter;

import dev.mekiki.runtime.deadletter.DeadLetterStatus.Kind;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Which dead letters are meant.
///
/// @param reasons of these; empty: of any
/// @param since from this time on
/// @param until before this time
/// @param idPrefix of images whose ids start so; empty: of any, also where the key is no id
/// @param kinds about which this was done
public record DeadLetterFilter(
    Set<String> reasons,
    Optional<Instant> since,
    Optional<Instant> until,
    String idPrefix,
    Set<Kind> kinds) {
  public DeadLetterFilter {
    reasons = Set.copyOf(reasons);
    kinds = Set.copyOf(kinds);
  }

  /// All about which one of these things was done.
  public static DeadLetterFilter of(Kind... kinds) {
    return new DeadLetterFilter(Set.of(), Optional.empty(), Optional.empty(), "", Set.of(kinds));
  }

  /// Whether a dead letter is meant.
  public boolean includes(DeadLetterEntry entry) {
    DeadLetterRecord letter = entry.letter();
    return kinds.contains(entry.status().kind())
        && (reasons.isEmpty() || reasons.contains(letter.reason()))
        && since.map(time -> letter.timestamp() >= time.toEpochMilli()).orElse(true)
        && until.map(time -> letter.timestamp() < time.toEpochMilli()).orElse(true)
        && (idPrefix.isEmpty()
            || letter.id().map(id -> id.value().startsWith(idPrefix)).orElse(false));
  }
}
