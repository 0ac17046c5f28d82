package dev.mekiki.hashing.match;

import dev.mekiki.hashing.pdq.Fingerprint;
import org.jspecify.annotations.Nullable;

/// Decides which pairs of images that share landmarks are verified, and in which of their two
/// partitions. Landmarks lie in partitions of their own, by image id; sequences and probes are used
/// as {@link MatchRule} describes, so each pair is verified once.
///
/// Of two images the later to arrive looks for the other; of two that arrive while their probes
/// pass each other, the one with the larger id. Which landmarks a picture looks for and by which it
/// is found are different, so this decides whether a pair is found at all.
///
/// A pair that {@link MatchRule} finds by bytes or fingerprints is left to it: exactly one of the
/// two rules takes a pair. Pictures without features ({@link Fingerprint#isFeatureless}) are not
/// verified.
///
/// Immutable and thread-safe.
///
/// @param policy the thresholds of {@link MatchRule}
/// @param filter leaves out pairs that would be copies
public record CopyRule(MatchPolicy policy, PairFilter filter) {
  /// The rule that keeps tenants apart and leaves out nothing else.
  public CopyRule(MatchPolicy policy) {
    this(policy, OriginFilter.DEFAULT);
  }

  /// What to do with an arrival and another image of its partition that shares landmarks with it.
  public MatchDecision onArrival(PlacedRevision arrival, PlacedRevision row) {
    return PairDecision.onArrival(arrival, row, this::level, filter);
  }

  /// What to do with a probe from another partition and an image of this one that share landmarks.
  ///
  /// @param probe the image that the probe is of
  /// @param seen the sequence of the last probe from this partition that the other one had
  ///   processed when it stored the image
  /// @param row the image stored here
  /// @param rowSequence the sequence of the probes that were sent of it
  public MatchDecision onProbe(
      PlacedRevision probe, long seen, PlacedRevision row, long rowSequence) {
    return PairDecision.onProbe(probe, seen, row, rowSequence, this::level, filter);
  }

  /// What to do with an image that is stored already, of which copies are looked for again, and
  /// another one that shares landmarks with it. Only the later image of a pair looks for the other.
  /// See {@link MatchRule#onStored}.
  ///
  /// @param image any, of this partition or another; the caller sees to it that it is settled, too
  /// @param row the other image
  /// @param rowSequence the sequence of the probes that were sent of it, 0 for none
  /// @param settled the last sequence of the row's partition of which all is decided and known
  public MatchDecision onStored(
      PlacedRevision image, PlacedRevision row, long rowSequence, long settled) {
    return PairDecision.onStored(image, row, rowSequence, settled, this::level, filter);
  }

  /// A picture as a search sees it.
  ///
  /// @param fingerprint of the picture
  /// @param sha256 of its bytes
  public record Picture(Fingerprint fingerprint, Sha256 sha256) {}

  /// What makes an indexed image a copy of a picture that is searched for.
  public enum Verdict {
    /// Its bytes do.
    SAME_BYTES,
    /// Its fingerprint does.
    FINGERPRINT,
    /// Perhaps an alignment does.
    TO_BE_ALIGNED,
    /// Nothing does: one of the two has no features.
    NONE
  }

  /// What decides whether an indexed image is a copy of a picture that is searched for. Codes do
  /// not, whatever the reach: it limits whom an arrival asks, and a search has asked already.
  public Verdict onSearch(Picture sought, Picture indexed) {
    if (sought.sha256().equals(indexed.sha256())) {
      return Verdict.SAME_BYTES;
    }
    if (sought.fingerprint().isFeatureless() || indexed.fingerprint().isFeatureless()) {
      return Verdict.NONE;
    }
    return sought.fingerprint().distance(indexed.fingerprint()) <= policy.fingerprintRadius()
        ? Verdict.FINGERPRINT
        : Verdict.TO_BE_ALIGNED;
  }

  private @Nullable MatchLevel level(
      PlacedRevision a, PlacedRevision b, int codeDistance, int fingerprintDistance) {
    if (a.fingerprint().isFeatureless() || b.fingerprint().isFeatureless()) {
      return null;
    }
    MatchLevel found = new MatchRule(policy).level(a, b, codeDistance, fingerprintDistance);
    return found == MatchLevel.EXACT || found == MatchLevel.DUPLICATE ? null : MatchLevel.DUPLICATE;
  }
}
