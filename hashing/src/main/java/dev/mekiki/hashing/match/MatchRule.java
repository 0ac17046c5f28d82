package dev.mekiki.hashing.match;

import dev.mekiki.hashing.bucket.IdOrder;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.match.MatchDecision.Reason;
import dev.mekiki.hashing.match.MatchDecision.Silent;
import org.jspecify.annotations.Nullable;

/// Decides about an arrival at a partition and a candidate standing there already.
///
/// A placement lies in its home partition and, as replicas, wherever a neighbour within the
/// replication radius may be homed. So two neighbours can meet in several partitions; they are told
/// at one alone, the home partition of the smaller image id, by whichever of the two arrives there
/// second. Routing makes sure that both arrive there, whatever the order. Hence no pair of
/// revisions is told twice, and each pair of final ones once.
///
/// The caller keeps one table of placements for each partition and, for each arrival, in this
/// order: asks {@link #repeats}; replaces the image's older row; decides about every candidate in
/// it. Immutable and thread-safe.
///
/// @param policy the thresholds
public record MatchRule(MatchPolicy policy) {
  /// True where an arrival is the revision that stands there already: it replaces the row (its
  /// metadata may be new) and makes no event. Codes are never compared for this, since inference is
  /// not bit-stable.
  ///
  /// @param standing the image's row in this partition before the arrival, null for none
  public static boolean repeats(@Nullable PlacedRevision standing, PlacedRevision arrival) {
    return standing != null && standing.revision().equals(arrival.revision());
  }

  /// What to do about an arrival and a candidate.
  ///
  /// @param partition the partition both stand in
  public MatchDecision decide(int partition, PlacedRevision arrival, PlacedRevision candidate) {
    int order = IdOrder.COMPARATOR.compare(arrival.id(), candidate.id());
    if (order == 0) {
      return new Silent(Reason.SAME_IMAGE);
    }
    PlacedRevision smaller = order < 0 ? arrival : candidate;
    if (smaller.homePartition() != partition) {
      return new Silent(Reason.TOLD_ELSEWHERE);
    }
    int codeDistance = arrival.code().distance(candidate.code());
    int fingerprintDistance = arrival.fingerprint().distance(candidate.fingerprint());
    MatchKind kind = kind(arrival, candidate, codeDistance, fingerprintDistance);
    if (kind == null) {
      return new Silent(Reason.NO_MATCH);
    }
    boolean arrivalIsLater =
        arrival.imageTimeMillis() != candidate.imageTimeMillis()
            ? arrival.imageTimeMillis() > candidate.imageTimeMillis()
            : order > 0;
    PlacedRevision later = arrivalIsLater ? arrival : candidate;
    PlacedRevision earlier = arrivalIsLater ? candidate : arrival;
    return later.muted()
        ? new Silent(Reason.MUTED)
        : new Emit(kind, later, earlier, codeDistance, fingerprintDistance);
  }

  private @Nullable MatchKind kind(
      PlacedRevision a, PlacedRevision b, int codeDistance, int fingerprintDistance) {
    if (codeDistance <= policy.radius()) {
      if (a.sha256().equals(b.sha256())) {
        return MatchKind.EXACT;
      }
      if (fingerprintDistance <= policy.fingerprintRadius()) {
        return MatchKind.DUPLICATE;
      }
    }
    Integer nearRadius = policy.nearRadius();
    return nearRadius != null && codeDistance <= nearRadius ? MatchKind.NEAR : null;
  }
}
