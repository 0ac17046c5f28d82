package dev.mekiki.query.search;

import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.schemas.search.SearchLimits;
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

/// The exact search over all partitions of a generation. Immutable; a search runs on the thread of
/// its caller.
///
/// One rule decides which partitions to ask and when the answer is final. Let `last` be the k-th of
/// the hits merged so far. A partition is *settled* when no hit that it has not returned yet can
/// come before `last`:
///
/// - not asked yet: the lower bound of its distance is above that of `last`;
/// - asked, and it returned fewer hits than k: it returned everything within the radius asked for,
///   so that radius must reach `last` (or be the query's own);
/// - asked, and it returned k hits: its own last hit must not come before `last`.
///
/// Every wave asks all partitions that are not settled; the first wave of a k-NN search asks only
/// the closest. While no image moves, a search ends after two waves. A third follows where an image
/// was seen in two partitions, on its move between homes: the older revision is dropped, fewer than
/// k hits remain, and the rule finds the partitions that may fill the gap.
public final class FanOut {
  private final Routing routing;
  private final Partitions partitions;

  public FanOut(Routing routing, Partitions partitions) {
    this.routing = routing;
    this.partitions = partitions;
  }

  /// The k nearest images within the query's radius.
  ///
  /// @param excludedId an image that must not be among the hits, or null
  public SearchOutcome search(Query query, Waves waves, @Nullable String excludedId) {
    return new Run(query, waves, excludedId).run();
  }

  /// One search under way.
  private final class Run {
    private final Query query;
    private final Waves waves;
    private final @Nullable String excludedId;
    private final int[] bounds;
    private final Map<Integer, InstanceAnswer> answers = new TreeMap<>();
    private final Set<Integer> missing = new HashSet<>();
    private final SearchStatistics.Builder statistics = SearchStatistics.newBuilder();

    Run(Query query, Waves waves, @Nullable String excludedId) {
      this.query = query;
      this.waves = waves;
      this.excludedId = excludedId;
      this.bounds = routing.partitionBounds(query.code());
    }

    SearchOutcome run() {
      // One more where the excluded image may take a place among the hits.
      int k = excludedId == null ? query.k() : query.k() + 1;
      List<SearchHit> merged = List.of();
      SortedSet<Integer> wave = firstWave();
      while (!wave.isEmpty()) {
        if (wave.stream().anyMatch(answers::containsKey)) {
          if (k >= SearchLimits.MAX_PARTITION_K) {
            // No instance returns more: what these partitions may still hold is missing.
            missing.addAll(wave);
            break;
          }
          k = Math.min(2 * k, SearchLimits.MAX_PARTITION_K);
        }
        @Nullable SearchHit last = last(merged);
        int radius = last == null ? query.radius() : last.getCodeDistance();
        record(partitions.ask(wave, query.limitedTo(radius, k)));
        merged = merge();
        wave = unsettled(last(merged));
      }
      return outcome(merged);
    }

    private SortedSet<Integer> firstWave() {
      SortedSet<Integer> all = unsettled(null);
      return switch (waves) {
        case ALL_AT_ONCE -> all;
        case CLOSEST_FIRST -> {
          int closest = all.stream().mapToInt(partition -> bounds[partition]).min().orElse(0);
          all.removeIf(partition -> bounds[partition] > closest);
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
      InstanceAnswer answer = answers.get(partition);
      if (answer == null) {
        return last != null && bounds[partition] > last.getCodeDistance();
      }
      if (answer.mayHoldMore()) {
        return last != null && HitOrder.COMPARATOR.compare(last, answer.hits().getLast()) <= 0;
      }
      int covered = answer.query().radius();
      return covered >= query.radius() || (last != null && last.getCodeDistance() <= covered);
    }

    private void record(Partitions.Answers received) {
      missing.addAll(received.missing());
      for (InstanceAnswer answer : received.answers()) {
        add(answer.statistics());
        for (int partition : answer.partitions()) {
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

    /// All hits known, each image once by its newest revision, in hit order.
    private List<SearchHit> merge() {
      Map<String, SearchHit> newest = new HashMap<>();
      for (InstanceAnswer answer : distinctAnswers()) {
        for (SearchHit hit : answer.hits()) {
          if (!hit.getImageId().equals(excludedId)) {
            newest.merge(hit.getImageId(), hit, FanOut::newer);
          }
        }
      }
      List<SearchHit> merged = new ArrayList<>(newest.values());
      merged.sort(HitOrder.COMPARATOR);
      return merged;
    }

    private Set<InstanceAnswer> distinctAnswers() {
      Set<InstanceAnswer> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
      distinct.addAll(answers.values());
      return distinct;
    }

    private @Nullable SearchHit last(List<SearchHit> merged) {
      return merged.size() < query.k() ? null : merged.get(query.k() - 1);
    }

    private SearchOutcome outcome(List<SearchHit> merged) {
      @Nullable SearchHit last = last(merged);
      SortedSet<Integer> stillMissing = new TreeSet<>(missing);
      if (last != null) {
        // Asked before the k-th distance was known; now these cannot hold a hit.
        stillMissing.removeIf(partition -> bounds[partition] > last.getCodeDistance());
      }
      List<StandbyAnswer> standby =
          distinctAnswers().stream()
              .flatMap(answer -> answer.standby().stream())
              .sorted(Comparator.comparingInt(StandbyAnswer::getPartition))
              .toList();
      return new SearchOutcome(
          merged.subList(0, Math.min(query.k(), merged.size())),
          stillMissing,
          standby,
          statistics.build());
    }
  }

  private static SearchHit newer(SearchHit a, SearchHit b) {
    // Both revisions come from the one partition of `images` that the id belongs to.
    return a.getRevision().getOffset() >= b.getRevision().getOffset() ? a : b;
  }
}
