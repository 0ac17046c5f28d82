package dev.mekiki.hashing.bucket;

/// An image near another.
///
/// @param id the image id
/// @param codeDistance 0 to q
/// @param fingerprintDistance 0 to 256
public record MatchCandidate(String id, int codeDistance, int fingerprintDistance) {}
