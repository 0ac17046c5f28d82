package dev.mekiki.hashing.bucket;

/// Collects the images near an arrival one by one, in no order. The search itself keeps none of
/// them: half of a partition may be near.
public interface CandidateCollector {
  /// Called for every image before its id is read, which costs more than the rest.
  ///
  /// @param codeDistance 0 to q
  /// @param fingerprintDistance 0 to 256
  /// @return false to skip the image
  boolean wants(int codeDistance, int fingerprintDistance);

  /// Takes an image that was wanted.
  void collect(MatchCandidate candidate);
}
