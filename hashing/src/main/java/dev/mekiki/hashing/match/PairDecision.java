package dev.mekiki.hashing.match;

import dev.mekiki.hashing.bucket.IdOrder;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.match.MatchDecision.Reason;
import dev.mekiki.hashing.match.MatchDecision.Skip;
import org.jspecify.annotations.Nullable;

/// Decides what a partition does with a pair: what all rules have in common, whatever makes a pair
/// one. Why each pair is emitted once is said at {@link MatchRule}. Stateless.
final class PairDecision {
  private PairDecision() {}

  /// What makes two images a pair.
  interface Level {
    /// Null if they are none.
    @Nullable MatchLevel of(
        PlacedRevision a, PlacedRevision b, int codeDistance, int fingerprintDistance);
  }

  static MatchDecision onArrival(
      PlacedRevision arrival, PlacedRevision row, Level level, PairFilter filter) {
    int order = IdOrder.COMPARATOR.compare(arrival.id(), row.id());
    return order == 0 ? new Skip(Reason.SAME_IMAGE) : compare(arrival, row, order, level, filter);
  }

  static MatchDecision onProbe(
      PlacedRevision probe,
      long seen,
      PlacedRevision row,
      long rowSequence,
      Level level,
      PairFilter filter) {
    int order = IdOrder.COMPARATOR.compare(probe.id(), row.id());
    if (order == 0) {
      return new Skip(Reason.SAME_IMAGE);
    }
    if (rowSequence > seen && order < 0) {
      return new Skip(Reason.REPORTED_ELSEWHERE);
    }
    return compare(probe, row, order, level, filter);
  }

  /// What to do with an image that is stored already and another one: each pair is found once, as
  /// one of its later image, unless the arrival of the other one may still be under way.
  static MatchDecision onStored(
      PlacedRevision image,
      PlacedRevision row,
      long rowSequence,
      long settled,
      Level level,
      PairFilter filter) {
    if (rowSequence > settled) {
      return new Skip(Reason.REPORTED_ELSEWHERE);
    }
    MatchDecision decision = onArrival(image, row, level, filter);
    return decision instanceof Emit emit && !emit.later().id().equals(image.id())
        ? new Skip(Reason.REPORTED_ELSEWHERE)
        : decision;
  }

  private static MatchDecision compare(
      PlacedRevision arrival,
      PlacedRevision candidate,
      int order,
      Level levels,
      PairFilter filter) {
    int codeDistance = arrival.code().distance(candidate.code());
    int fingerprintDistance = arrival.fingerprint().distance(candidate.fingerprint());
    MatchLevel level = levels.of(arrival, candidate, codeDistance, fingerprintDistance);
    if (level == null) {
      return new Skip(Reason.NO_MATCH);
    }
    Reason leftOut = filter.reason(arrival, candidate, level, fingerprintDistance);
    if (leftOut != null) {
      return new Skip(leftOut);
    }
    boolean arrivalIsLater =
        arrival.imageTimeMillis() != candidate.imageTimeMillis()
            ? arrival.imageTimeMillis() > candidate.imageTimeMillis()
            : order > 0;
    PlacedRevision later = arrivalIsLater ? arrival : candidate;
    PlacedRevision earlier = arrivalIsLater ? candidate : arrival;
    return later.muted()
        ? new Skip(Reason.MUTED)
        : new Emit(level, later, earlier, codeDistance, fingerprintDistance);
  }
}
