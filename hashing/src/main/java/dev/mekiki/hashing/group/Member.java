package dev.mekiki.hashing.group;

import dev.mekiki.hashing.match.Revision;

/// An image of a content.
///
/// @param id the image id
/// @param revision the revision that has the content
/// @param timeMillis timestamp of its record on `images`, milliseconds since the epoch
public record Member(String id, Revision revision, long timeMillis) {
  /// How old it is.
  public Age age() {
    return new Age(timeMillis, id);
  }
}
