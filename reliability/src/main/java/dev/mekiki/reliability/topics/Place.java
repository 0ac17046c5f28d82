package dev.mekiki.reliability.topics;

import dev.mekiki.schemas.v1.SourceCoordinate;

/// A record on `images`: what names a revision.
public record Place(int partition, long offset) {
  /// The same without its topic.
  public static Place of(SourceCoordinate source) {
    return new Place(source.getPartition(), source.getOffset());
  }

  @Override
  public String toString() {
    return partition + "@" + offset;
  }
}
