package dev.mekiki.hashing.match;

import dev.mekiki.hashing.bucket.IdOrder;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.match.MatchDecision.Reason;
import dev.mekiki.hashing.match.MatchDecision.Skip;
import org.jspecify.annotations.Nullable;

/// Decides whether an arrival at a partition matches a candidate that the partition already holds.
///
/// A placement lies in its home partition and, as replicas, wherever a neighbour within the
/// replication radius may be homed. So two neighbours can meet in several partitions. Only one of
/// them emits the pair: the home partition of the smaller image id, when the second of the two
/// arrives there. {@link dev.mekiki.hashing.routing.Routing} sends both there, in either order.
/// Hence no pair of revisions is emitted twice, and each pair of final revisions exactly once.
///
/// The caller keeps one table of placements for each partition. For each arrival it calls {@link
/// #repeats}, then replaces the image's older row, then calls {@link #decide} for every candidate.
/// Immutable and thread-safe.
///
/// @param policy the thresholds
public record MatchRule(MatchPolicy policy) {
  /// True if the partition already holds the arriving revision. The arrival then replaces the row,
  /// since its metadata may be new, and makes no event. Codes are not compared for this: inference
  /// is not bit-stable.
  ///
  /// @param existing the image's row in this partition before the arrival, null if there was none
  public static boolean repeats(@Nullable PlacedRevision existing, PlacedRevision arrival) {
    return existing != null && existing.revision().equals(arrival.revision());
  }

  /// What to do with an arrival and a candidate.
  ///
  /// @param partition the partition that holds both
  public MatchDecision decide(int partition, PlacedRevision arrival, PlacedRevision candidate) {
    int order = IdOrder.COMPARATOR.compare(arrival.id(), candidate.id());
    if (order == 0) {
      return new Skip(Reason.SAME_IMAGE);
    }
    PlacedRevision smaller = order < 0 ? arrival : candidate;
    if (smaller.homePartition() != partition) {
      return new Skip(Reason.REPORTED_ELSEWHERE);
    }
    return compare(arrival, candidate, order);
  }

  /// What to do with an arrival and another image of its home partition.
  public MatchDecision onArrival(PlacedRevision arrival, PlacedRevision row) {
    int order = IdOrder.COMPARATOR.compare(arrival.id(), row.id());
    return order == 0 ? new Skip(Reason.SAME_IMAGE) : compare(arrival, row, order);
  }

  /// What to do with a probe from another partition and an image of this one.
  ///
  /// @param probe the image that the probe is of
  /// @param seen the sequence of the last probe from this partition that the image's home had
  ///   processed when it stored the image
  /// @param row the image homed here
  /// @param rowSequence the sequence of the probes that were sent of it
  public MatchDecision onProbe(
      PlacedRevision probe, long seen, PlacedRevision row, long rowSequence) {
    int order = IdOrder.COMPARATOR.compare(probe.id(), row.id());
    if (order == 0) {
      return new Skip(Reason.SAME_IMAGE);
    }
    if (rowSequence > seen && order < 0) {
      return new Skip(Reason.REPORTED_ELSEWHERE);
    }
    return compare(probe, row, order);
  }

  private MatchDecision compare(PlacedRevision arrival, PlacedRevision candidate, int order) {
    int codeDistance = arrival.code().distance(candidate.code());
    int fingerprintDistance = arrival.fingerprint().distance(candidate.fingerprint());
    MatchLevel level = level(arrival, candidate, codeDistance, fingerprintDistance);
    if (level == null) {
      return new Skip(Reason.NO_MATCH);
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

  private @Nullable MatchLevel level(
      PlacedRevision a, PlacedRevision b, int codeDistance, int fingerprintDistance) {
    if (policy.reach() == Reach.EVERYWHERE || codeDistance <= policy.radius()) {
      if (a.sha256().equals(b.sha256())) {
        return MatchLevel.EXACT;
      }
      if (fingerprintDistance <= policy.fingerprintRadius()) {
        return MatchLevel.DUPLICATE;
      }
    }
    Integer nearRadius = policy.nearRadius();
    return nearRadius != null && codeDistance <= nearRadius ? MatchLevel.NEAR : null;
  }
}
