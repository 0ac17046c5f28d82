package dev.mekiki.hashing.bucket;

/// Takes the images near an arrival one by one, in no order: where half a partition is near, none
/// of them has to be kept by the search.
public interface CandidateReceiver {
  /// Asked of every image before its id is read, which costs more than the rest.
  ///
  /// @param home true where the partition is the image's home; false for a boundary replica
  /// @param codeDistance 0 to the radius asked for
  /// @param fingerprintDistance 0 to the radius asked for
  /// @return false to leave it out
  boolean wants(boolean home, int codeDistance, int fingerprintDistance);

  /// Takes one that was wanted.
  void accept(MatchCandidate candidate);
}
