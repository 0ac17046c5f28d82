package dev.mekiki.index.partition;

import dev.mekiki.hashing.bucket.Hit;
import dev.mekiki.schemas.v1.Placement;
import java.util.List;

/// What one partition answers to a search.
///
/// @param found in {@link Hit#ORDER}
/// @param complete false where the query expired, or writers kept changing what it found
/// @param bucketsTouched buckets of which at least one shell was read
/// @param shellsTouched shells read
/// @param codesTouched distinct codes compared with the query
public record PartitionHits(
    List<Found> found, boolean complete, int bucketsTouched, int shellsTouched, long codesTouched) {
  public PartitionHits {
    found = List.copyOf(found);
  }

  /// A hit and the placement it stands for.
  ///
  /// @param hit id and distances
  /// @param placement home placement of that id, at those distances
  public record Found(Hit hit, Placement placement) {}
}
