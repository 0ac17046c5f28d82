package dev.mekiki.query.search;

import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchStatistics;
import dev.mekiki.schemas.v1.StandbyAnswer;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// The merged answer of all partitions.
///
/// @param hits at most k, in hit order, each image id once
/// @param missing partitions that can hold a hit and did not return all of theirs; the answer is
///   complete where there are none
/// @param standby the partitions that a standby answered for
/// @param statistics the work done in all waves
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
