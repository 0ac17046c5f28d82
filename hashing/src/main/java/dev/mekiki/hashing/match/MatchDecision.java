package dev.mekiki.hashing.match;

/// What a partition does with an arrival and a candidate: emit an event, or skip the pair.
public sealed interface MatchDecision {
  /// The pair is a match, and this partition emits it now.
  ///
  /// @param level what makes it a match
  /// @param later the revision with the later image time, ties by id
  /// @param earlier the other one
  /// @param codeDistance 0 to q
  /// @param fingerprintDistance 0 to 256
  record Emit(
      MatchLevel level,
      PlacedRevision later,
      PlacedRevision earlier,
      int codeDistance,
      int fingerprintDistance)
      implements MatchDecision {}

  /// No event is emitted here.
  ///
  /// @param reason why
  record Skip(Reason reason) implements MatchDecision {}

  /// Why no event is emitted.
  enum Reason {
    /// Both are revisions of one image.
    SAME_IMAGE,
    /// The pair is found otherwise, too, and emitted then.
    REPORTED_ELSEWHERE,
    /// The images are too far apart for any kind.
    NO_MATCH,
    /// The later of the two was sent with the wish to make no events.
    MUTED,
    /// They belong to different tenants, which are kept apart.
    OTHER_TENANT,
    /// They come from one source, whose pairs are left out.
    SAME_SOURCE,
    /// The fingerprints differ by more than the tenant's threshold.
    TENANT_THRESHOLD,
    /// One of them is on the mute list, or matches what is.
    ON_MUTE_LIST,
    /// Somebody has dismissed the pair.
    DISMISSED
  }
}
