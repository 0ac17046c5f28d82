package dev.mekiki.hashing.bucket;

/// An image near another.
///
/// @param id the image id
/// @param home true if the partition is the image's home; false for a boundary replica
/// @param codeDistance 0 to the radius of the search
/// @param fingerprintDistance 0 to 256
public record MatchCandidate(String id, boolean home, int codeDistance, int fingerprintDistance) {
  /// An image at its home.
  public MatchCandidate(String id, int codeDistance, int fingerprintDistance) {
    this(id, true, codeDistance, fingerprintDistance);
  }
}
