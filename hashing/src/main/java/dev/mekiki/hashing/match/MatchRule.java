package dev.mekiki.hashing.match;

import dev.mekiki.hashing.pdq.Fingerprint;
import org.jspecify.annotations.Nullable;

/// Decides whether two images match, and which of their homes emits the pair.
///
/// Every image is stored at its home partition alone. A partition keeps, all of it exactly once: of
/// each image its revision and the *sequence* of the probes that were sent of it; how many arrivals
/// it has sent probes of; and of each other partition the sequence of the last probe that it has
/// processed from there.
///
/// **An arrival** of the revision that stands there ({@link #repeats}) replaces the row, since its
/// metadata may be new, keeps the sequence and makes no event. Any other is stored with the next
/// sequence and compared with the other rows ({@link #onArrival}). Then a probe of it is sent to
/// each other partition that may hold a match ({@link dev.mekiki.hashing.routing.Routing#probed}),
/// with the sequence and with the last sequence *seen* from there.
///
/// **A probe** is compared with all rows ({@link #onProbe}) after its sequence was noted. **A
/// removal** drops the row.
///
/// Why each pair of final revisions, x homed at p and y at r, is emitted once: probes from one
/// partition to another arrive in the order in which they were sent.
///
/// - *Not missed.* If y's probe reached p before x was stored there, y was stored at r before that;
///   x's probe is sent after x is stored, so it finds y at r. Otherwise y's probe finds x at p.
/// - *Not twice.* p holds x and gets y's probe. If x's sequence is at most what r had seen, r had
///   processed x's probe before it stored y and did not find the pair, and never will: p emits. If
///   not, x's probe reaches r after y was stored there, so r finds the pair, too, and by the same
///   reasoning it sees that y's sequence is above what p had seen: both compare ids, and one emits.
/// - Within one partition the second to arrive sees the first.
///
/// Pairs of which a revision is replaced or removed meanwhile are emitted once at most. There is no
/// clock and no acknowledgement, and the order in which a partition interleaves arrivals and probes
/// does not matter. `WorldSimulationTest` holds all this against worlds at random.
///
/// A picture without features ({@link Fingerprint#isFeatureless}) matches those of the same bytes
/// alone.
///
/// Immutable and thread-safe.
///
/// @param policy the thresholds
/// @param filter leaves out pairs that match
public record MatchRule(MatchPolicy policy, PairFilter filter) {
  /// The rule that keeps tenants apart and leaves out nothing else.
  public MatchRule(MatchPolicy policy) {
    this(policy, OriginFilter.DEFAULT);
  }

  /// True if the partition already holds the arriving revision. The arrival then replaces the row,
  /// since its metadata may be new, and makes no event. Codes are not compared for this: inference
  /// is not bit-stable.
  ///
  /// @param existing the image's row in this partition before the arrival, null if there was none
  public static boolean repeats(@Nullable PlacedRevision existing, PlacedRevision arrival) {
    return existing != null && existing.revision().equals(arrival.revision());
  }

  /// What to do with an arrival and another image of its home partition.
  public MatchDecision onArrival(PlacedRevision arrival, PlacedRevision row) {
    return PairDecision.onArrival(arrival, row, this::level, filter);
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
    return PairDecision.onProbe(probe, seen, row, rowSequence, this::level, filter);
  }

  /// What to do with an image that is stored already, of which matches are looked for again, and
  /// another one. Each pair is found once, as one of its later image.
  ///
  /// Images whose arrival may still be under way are left out: who decides on them emits them.
  ///
  /// @param image any, of this partition or another; the caller sees to it that it is settled, too
  /// @param row the other image
  /// @param rowSequence the sequence of the probes that were sent of it, 0 for none
  /// @param settled the last sequence of the row's partition of which all is decided and known
  public MatchDecision onStored(
      PlacedRevision image, PlacedRevision row, long rowSequence, long settled) {
    return PairDecision.onStored(image, row, rowSequence, settled, this::level, filter);
  }

  /// What makes two images a match, whoever emits it; null if nothing does.
  ///
  /// @param codeDistance of the two
  /// @param fingerprintDistance of the two
  public @Nullable MatchLevel level(
      PlacedRevision a, PlacedRevision b, int codeDistance, int fingerprintDistance) {
    boolean isInReach = policy.reach() == Reach.EVERYWHERE || codeDistance <= policy.radius();
    if (isInReach && a.sha256().equals(b.sha256())) {
      return MatchLevel.EXACT;
    }
    if (a.fingerprint().isFeatureless() || b.fingerprint().isFeatureless()) {
      return null;
    }
    if (isInReach && fingerprintDistance <= policy.fingerprintRadius()) {
      return MatchLevel.DUPLICATE;
    }
    Integer nearRadius = policy.nearRadius();
    return nearRadius != null && codeDistance <= nearRadius ? MatchLevel.NEAR : null;
  }
}
