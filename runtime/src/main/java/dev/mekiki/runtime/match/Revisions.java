package dev.mekiki.runtime.match;

import dev.mekiki.hashing.match.Revision;
import dev.mekiki.schemas.v1.SourceCoordinate;

/// Revisions as the rules see them. Stateless.
public final class Revisions {
  private Revisions() {}

  /// The revision of an image that a record on `images` made.
  ///
  /// @param source where the record stands
  public static Revision of(SourceCoordinate source) {
    return new Revision(source.getTopic(), source.getPartition(), source.getOffset());
  }
}
