package dev.mekiki.hashing.bucket;

import java.util.List;

/// The answer of one partition.
///
/// @param hits in {@link Hit#ORDER}
/// @param complete false if the query expired before everything that could hold a hit was read
/// @param bucketsTouched buckets of which at least one shell was read
/// @param shellsTouched shells read
/// @param codesTouched distinct codes compared with the query
public record SearchResult(
    List<Hit> hits, boolean complete, int bucketsTouched, int shellsTouched, long codesTouched) {
  public SearchResult {
    hits = List.copyOf(hits);
  }
}
