package dev.mekiki.hashing.group;

/// What a content knows of one that matches it.
///
/// @param status what that one has announced last
/// @param dismissed whether somebody has dismissed the pair: then the two do not count as a match
public record Neighbour(ContentStatus status, boolean dismissed) {
  /// Whether the other one could be joined.
  public boolean represents() {
    return !dismissed && status.representative() && status.age() != null;
  }
}
