package dev.mekiki.index.partition;

import dev.mekiki.hashing.bucket.Hit;
import dev.mekiki.hashing.bucket.PartitionIndex;
import dev.mekiki.hashing.bucket.PartitionQuery;
import dev.mekiki.hashing.bucket.SearchResult;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.partition.PartitionHits.Found;
import dev.mekiki.schemas.v1.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Searches a partition while it is written. The structure finds ids, RocksDB knows their
/// placements, and a writer may come between the two. So each hit is checked against its record,
/// and where one has changed the search is made again; after some attempts what is left out makes
/// the answer incomplete. Thread-safe.
final class CheckedSearch {
  private static final int MAX_ATTEMPTS = 6;

  /// Before the second attempt; four times as long before each further one. A writer that lost its
  /// core between its two puts needs a while to get it back.
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  private final PlacementStore store;
  private final PartitionIndex index;
  private final SearchCombiner searches;
  private final FilterableKeys filterable;

  /// @param store has the records
  /// @param index the structure beside them
  /// @param searches what searches of the structure go through
  /// @param filterable which metadata searches may filter by
  CheckedSearch(
      PlacementStore store,
      PartitionIndex index,
      SearchCombiner searches,
      FilterableKeys filterable) {
    this.store = store;
    this.index = index;
    this.searches = searches;
    this.filterable = filterable;
  }

  /// The nearest home images with the placement of each.
  PartitionHits search(PartitionQuery query) {
    int buckets = 0;
    int shells = 0;
    long codes = 0;
    for (int attempt = 1; ; attempt++) {
      SearchResult result = searches.search(index, query);
      buckets += result.bucketsTouched();
      shells += result.shellsTouched();
      codes += result.codesTouched();
      List<Found> found = new ArrayList<>(result.hits().size());
      for (Hit hit : result.hits()) {
        store
            .placement(hit.id())
            .filter(placement -> agrees(placement, hit, query))
            .ifPresent(placement -> found.add(new Found(hit, placement)));
      }
      boolean allAgree = found.size() == result.hits().size();
      if (allAgree || attempt == MAX_ATTEMPTS || query.expired().getAsBoolean()) {
        return new PartitionHits(found, allAgree && result.complete(), buckets, shells, codes);
      }
      LockSupport.parkNanos(FIRST_PAUSE_NANOS << (2 * (attempt - 1)));
    }
  }

  private boolean agrees(Placement placement, Hit hit, PartitionQuery query) {
    return query.filter().accepts(filterable.of(placement))
        && PlacementRows.code(placement).distance(query.code()) == hit.codeDistance()
        && (query.fingerprint() == null
            || PlacementRows.fingerprint(placement).distance(query.fingerprint())
                == hit.fingerprintDistance());
  }
}
