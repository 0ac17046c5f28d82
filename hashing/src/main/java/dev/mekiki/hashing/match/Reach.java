package dev.mekiki.hashing.match;

/// How far a duplicate may lie from its original, and hence which partitions must be asked for it.
public enum Reach {
  /// Anywhere: an arrival is compared with the images of every partition. EXACT and DUPLICATE rest
  /// on bytes and fingerprints alone, whatever the codes say.
  EVERYWHERE,
  /// Within the match radius of its code: an arrival is compared with the images of those
  /// partitions alone that host a bucket near its code. EXACT and DUPLICATE require codes within
  /// the match radius, too.
  CODES
}
