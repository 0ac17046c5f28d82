package dev.mekiki.hashing.match;

/// What makes two images a match, the strongest first. The records call it `kind`.
public enum MatchLevel {
  /// The same bytes.
  EXACT,
  /// Codes within the match radius and fingerprints within the fingerprint radius.
  DUPLICATE,
  /// Codes within the near radius.
  NEAR
}
