package dev.mekiki.hashing.group;

/// Why a pair has ended.
///
/// @param role which of its images is gone
/// @param reason why that is gone
public record PairEnd(ReportedPair.Role role, Reason reason) {
  /// Why a revision of an image is gone.
  public enum Reason {
    /// The image was deleted.
    DELETED,
    /// The image has other bytes, or another owner.
    REPLACED,
    /// The image has reached its end.
    EXPIRED
  }
}
