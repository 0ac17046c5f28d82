package dev.mekiki.hashing.match;

/// What a partition does about an arrival and a candidate.
public sealed interface MatchDecision {
  /// The pair is told here and now.
  ///
  /// @param kind what makes it a match
  /// @param later the revision with the later image time, ties by id
  /// @param earlier the other one
  /// @param codeDistance 0 to the policy's code radius
  /// @param fingerprintDistance 0 to 256
  record Emit(
      MatchKind kind,
      PlacedRevision later,
      PlacedRevision earlier,
      int codeDistance,
      int fingerprintDistance)
      implements MatchDecision {}

  /// The pair is not told here.
  ///
  /// @param reason why
  record Silent(Reason reason) implements MatchDecision {}

  /// Why a pair is not told.
  enum Reason {
    /// Both are revisions of one image.
    SAME_IMAGE,
    /// The pair is told at another partition, the home of the smaller id.
    TOLD_ELSEWHERE,
    /// The images are too far apart for any kind.
    NO_MATCH,
    /// The later of the two is muted.
    MUTED
  }
}
