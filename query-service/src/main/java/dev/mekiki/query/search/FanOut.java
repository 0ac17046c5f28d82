package dev.mekiki.query.search;

import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchStatistics;
import dev.mekiki.schemas.v1.StandbyAnswer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The exact search over all partitions of a generation. Immutable; one search a thread.
///
/// One rule decides whom to ask, and when the answer stands. Let `last` be the k-th of the hits
/// merged so far. A partition is *settled* when nothing it could still say would come before
/// `last`:
///
/// - not asked yet: the lower bound of its distance passes that of `last`;
/// - asked, and it gave fewer hits than it was allowed: it has told everything within the radius
///   asked for, so that radius must reach `last` (or be the query's own);
/// - asked, and it gave as many as it was allowed: its own last hit must not come before `last`.
///
/// Every round asks all unsettled partitions at once; the first round of a k-NN search asks only
/// the closest. With nothing but that the search ends after two waves. A third follows where an
/// image was seen in two partitions, on its move between homes: the older revision goes, fewer than
/// k hits remain, and the rule finds the partitions that may fill the gap.
public final class FanOut {
  private final Routing routing;
  private final Partitions partitions;

  public FanOut(Routing routing, Partitions partitions) {
    this.routing = routing;
    this.partitions = partitions;
  }

  /// The k nearest images within the query's radius.
  public SearchOutcome search(Query query) {
    return new Search(query).run();
  }

  /// One search under way.
  private final class Search {
    private final Query query;
    private final int[] bounds;
    private final Map<Integer, PartitionAnswer> answers = new TreeMap<>();
    private final Set<Integer> missing = new HashSet<>();
    private final SearchStatistics.Builder statistics = SearchStatistics.newBuilder();

    Search(Query query) {
      this.query = query;
      this.bounds = routing.partitionBounds(query.code());
    }

    SearchOutcome run() {
      // One more where the image itself will be dropped from its own hits.
      int k = query.excludedId() == null ? query.k() : query.k() + 1;
      List<SearchHit> merged = List.of();
      SortedSet<Integer> wave = firstWave();
      while (!wave.isEmpty()) {
        if (wave.stream().anyMatch(answers::containsKey)) {
          k = Math.multiplyExact(2, k);
        }
        @Nullable SearchHit last = last(merged);
        int radius = last == null ? query.radius() : last.getCodeDistance();
        record(
            partitions.ask(
                new Question(wave, query.code(), query.fingerprint(), radius, k, query.filter())));
        merged = merge();
        wave = unsettled(last(merged));
      }
      return outcome(merged);
    }

    private SortedSet<Integer> firstWave() {
      SortedSet<Integer> all = unsettled(null);
      return switch (query.waves()) {
        case ALL_AT_ONCE -> all;
        case CLOSEST_FIRST -> {
          int least = all.stream().mapToInt(partition -> bounds[partition]).min().orElse(0);
          all.removeIf(partition -> bounds[partition] > least);
          yield all;
        }
      };
    }

    private SortedSet<Integer> unsettled(@Nullable SearchHit last) {
      SortedSet<Integer> unsettled = new TreeSet<>();
      for (int partition = 0; partition < bounds.length; partition++) {
        if (bounds[partition] <= query.radius()
            && !missing.contains(partition)
            && !settled(partition, last)) {
          unsettled.add(partition);
        }
      }
      return unsettled;
    }

    private boolean settled(int partition, @Nullable SearchHit last) {
      PartitionAnswer answer = answers.get(partition);
      if (answer == null) {
        return last != null && bounds[partition] > last.getCodeDistance();
      }
      if (answer.mayHoldMore()) {
        return last != null && HitOrder.COMPARATOR.compare(last, answer.hits().getLast()) <= 0;
      }
      int told = answer.question().radius();
      return told >= query.radius() || (last != null && last.getCodeDistance() <= told);
    }

    private void record(Partitions.Answers came) {
      missing.addAll(came.missing());
      for (PartitionAnswer answer : came.answers()) {
        add(answer.statistics());
        for (int partition : answer.question().partitions()) {
          answers.put(partition, answer);
          if (!answer.complete()) {
            missing.add(partition);
          }
        }
      }
    }

    private void add(SearchStatistics work) {
      statistics
          .setPartitions(statistics.getPartitions() + work.getPartitions())
          .setBuckets(statistics.getBuckets() + work.getBuckets())
          .setShells(statistics.getShells() + work.getShells())
          .setCodes(statistics.getCodes() + work.getCodes());
    }

    /// All hits known, each image by its newest revision seen, in the order of answers.
    private List<SearchHit> merge() {
      Map<String, SearchHit> newest = new HashMap<>();
      for (PartitionAnswer answer : distinctAnswers()) {
        for (SearchHit hit : answer.hits()) {
          if (!hit.getImageId().equals(query.excludedId())) {
            newest.merge(hit.getImageId(), hit, FanOut::newer);
          }
        }
      }
      List<SearchHit> merged = new ArrayList<>(newest.values());
      merged.sort(HitOrder.COMPARATOR);
      return merged;
    }

    private Set<PartitionAnswer> distinctAnswers() {
      Set<PartitionAnswer> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
      distinct.addAll(answers.values());
      return distinct;
    }

    private @Nullable SearchHit last(List<SearchHit> merged) {
      return merged.size() < query.k() ? null : merged.get(query.k() - 1);
    }

    private SearchOutcome outcome(List<SearchHit> merged) {
      @Nullable SearchHit last = last(merged);
      SortedSet<Integer> lacking = new TreeSet<>(missing);
      if (last != null) {
        // It was asked before the k-th distance was known; now it cannot hold a hit.
        lacking.removeIf(partition -> bounds[partition] > last.getCodeDistance());
      }
      List<StandbyAnswer> standby =
          distinctAnswers().stream()
              .flatMap(answer -> answer.standby().stream())
              .sorted(Comparator.comparingInt(StandbyAnswer::getPartition))
              .toList();
      return new SearchOutcome(
          merged.subList(0, Math.min(query.k(), merged.size())),
          lacking,
          standby,
          statistics.build());
    }
  }

  private static SearchHit newer(SearchHit a, SearchHit b) {
    // Both lie in the one partition of `images` that the id belongs to.
    return a.getRevision().getOffset() >= b.getRevision().getOffset() ? a : b;
  }
}
