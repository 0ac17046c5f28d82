package dev.mekiki.hashing.bucket;

/// An image near another, home or replica.
///
/// @param image the row
/// @param codeDistance 0 to the radius asked for
/// @param fingerprintDistance 0 to 256
public record MatchCandidate(IndexedImage image, int codeDistance, int fingerprintDistance) {}
