package dev.mekiki.hashing.match;

/// What makes two images a match, the strongest first; for EXACT and DUPLICATE see {@link Reach},
/// too. The records call it `kind`.
public enum MatchLevel {
  /// The same bytes.
  EXACT,
  /// Fingerprints within the fingerprint radius.
  DUPLICATE,
  /// Codes within the near radius.
  NEAR
}
