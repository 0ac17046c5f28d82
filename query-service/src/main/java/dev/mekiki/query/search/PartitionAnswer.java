package dev.mekiki.query.search;

import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchStatistics;
import dev.mekiki.schemas.v1.StandbyAnswer;
import java.util.List;

/// What one instance answered for the partitions it was asked for.
///
/// @param question the question, with the partitions that this answer speaks for
/// @param hits the nearest of these partitions together, at most the question's k, in the order of
///   answers
/// @param complete false where a deadline cut the search off
/// @param statistics the work done
/// @param standby the partitions that a standby answered for
public record PartitionAnswer(
    Question question,
    List<SearchHit> hits,
    boolean complete,
    SearchStatistics statistics,
    List<StandbyAnswer> standby) {
  public PartitionAnswer {
    hits = List.copyOf(hits);
    standby = List.copyOf(standby);
  }

  /// True where the partitions may hold more hits within the question's radius than are given here.
  boolean mayHoldMore() {
    return hits.size() >= question.k();
  }
}
