package dev.mekiki.hashing.match;

import dev.mekiki.hashing.match.MatchDecision.Reason;
import org.jspecify.annotations.Nullable;

/// Leaves out pairs that match and still are to make no event. Both homes of a pair ask it, so the
/// order of the two must not matter. Its answers may change while a service runs: each pair is
/// asked for when it is found. Called by several threads.
public interface PairFilter {
  /// Why a pair makes no event; null where it may make one.
  ///
  /// @param level what makes the two a match
  /// @param fingerprintDistance 0 to 256
  @Nullable Reason reason(
      PlacedRevision a, PlacedRevision b, MatchLevel level, int fingerprintDistance);

  /// Whether every pair of an image is left out, so that it need not be looked up at all.
  default boolean leavesOutAllOf(PlacedRevision image) {
    return false;
  }
}
