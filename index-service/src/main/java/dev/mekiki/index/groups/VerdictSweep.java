package dev.mekiki.index.groups;

import dev.mekiki.hashing.group.Content;
import dev.mekiki.hashing.group.ContentGroups;
import dev.mekiki.runtime.policy.VerdictId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Brings what a partition knows of dismissed pairs up to date with the verdicts: those that
/// change, one by one; and all pairs at the start, some at a time. Owned by one stream thread.
final class VerdictSweep {
  private final Verdicts verdicts;
  private final Verdicts.Changes changes;
  private final ContentGroups groups;
  private final ContentStore store;
  private Phase phase = Phase.DONE;
  private @Nullable MatchingPair last;

  private enum Phase {
    /// Pairs that are noted as dismissed.
    DISMISSED,
    /// All pairs.
    ALL,
    DONE
  }

  /// Two contents that match, as one of them knows.
  ///
  /// @param content the one
  /// @param other the other
  record MatchingPair(Content content, Content other) {}

  VerdictSweep(Verdicts verdicts, ContentGroups groups, ContentStore store) {
    this.verdicts = verdicts;
    this.groups = groups;
    this.store = store;
    changes = verdicts.changes();
  }

  /// Goes on.
  ///
  /// @param limit most pairs to look at
  /// @return whether there is more to do
  boolean step(int limit) {
    if (changes.takeAll()) {
      phase = Phase.DISMISSED;
      last = null;
    }
    for (VerdictId verdict : changes.take()) {
      groups.judged(
          new Content(verdict.tenant(), verdict.a()), new Content(verdict.tenant(), verdict.b()));
    }
    List<MatchingPair> pairs =
        switch (phase) {
          case DISMISSED -> store.dismissed(last, limit);
          case ALL -> store.matching(last, limit);
          case DONE -> List.of();
        };
    pairs.forEach(pair -> groups.judged(pair.content(), pair.other()));
    if (pairs.size() == limit) {
      last = pairs.getLast();
    } else {
      // Where nothing is dismissed, no other pair can have become it.
      phase = phase == Phase.DISMISSED && verdicts.any() ? Phase.ALL : Phase.DONE;
      last = null;
    }
    return phase != Phase.DONE;
  }

  /// Ends it.
  void close() {
    verdicts.forget(changes);
  }
}
