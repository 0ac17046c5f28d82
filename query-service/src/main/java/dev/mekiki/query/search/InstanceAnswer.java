package dev.mekiki.query.search;

import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchStatistics;
import dev.mekiki.schemas.v1.StandbyAnswer;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// The answer of one index instance for some partitions.
///
/// @param partitions the partitions that it covers, at least one
/// @param query the query that was asked
/// @param hits the nearest hits of these partitions together, at most the query's k, in hit order
/// @param complete false where a deadline cut the search off
/// @param statistics the work done
/// @param standby those of the partitions that a standby answered for
public record InstanceAnswer(
    SortedSet<Integer> partitions,
    Query query,
    List<SearchHit> hits,
    boolean complete,
    SearchStatistics statistics,
    List<StandbyAnswer> standby) {
  public InstanceAnswer {
    partitions = Collections.unmodifiableSortedSet(new TreeSet<>(partitions));
    hits = List.copyOf(hits);
    standby = List.copyOf(standby);
  }

  /// True where the partitions may hold more hits within the query's radius.
  boolean mayHoldMore() {
    return hits.size() >= query.k();
  }
}
