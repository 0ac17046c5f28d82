package dev.mekiki.query.search;

import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchStatistics;
import dev.mekiki.schemas.v1.StandbyAnswer;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// The answer of all partitions together.
///
/// @param hits at most k, in the order of answers, each image id once
/// @param missing partitions that can hold a hit and did not give all of their own; the answer is
///   complete where there are none
/// @param standby the partitions that a standby answered for
/// @param statistics the work done, asking again included
public record SearchOutcome(
    List<SearchHit> hits,
    SortedSet<Integer> missing,
    List<StandbyAnswer> standby,
    SearchStatistics statistics) {
  public SearchOutcome {
    hits = List.copyOf(hits);
    missing = Collections.unmodifiableSortedSet(new TreeSet<>(missing));
    standby = List.copyOf(standby);
  }

  public boolean complete() {
    return missing.isEmpty();
  }
}
