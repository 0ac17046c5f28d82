package dev.mekiki.query.cluster;

import dev.mekiki.schemas.v1.FindCopiesRequest;
import dev.mekiki.schemas.v1.FindCopiesResponse;
import dev.mekiki.schemas.v1.FoundCopy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the instances on which partitions of landmarks are active, all partitions of one instance
/// in one call. Standbys are not asked: they may be behind. A partition that nobody answers for as
/// active is missing.
///
/// Made for one search, with the cluster as it stood when the search began.
///
/// @param view the cluster, instances of one generation alone
/// @param clients calls to index instances
/// @param deadline when partitions that have not answered are missing
public record LandmarkPartitions(ClusterView view, IndexClients clients, Deadline deadline) {
  private static final Logger log = LoggerFactory.getLogger(LandmarkPartitions.class);

  /// What all partitions hold.
  ///
  /// @param copies images that share landmarks with the picture, of each partition the likeliest
  ///   first
  /// @param leftOut images that share landmarks, too, and are not among them
  /// @param missing partitions that gave no answer
  public record Found(List<FoundCopy> copies, int leftOut, SortedSet<Integer> missing) {
    public Found {
      copies = List.copyOf(copies);
      missing = Collections.unmodifiableSortedSet(new TreeSet<>(missing));
    }

    private Found and(Found other) {
      List<FoundCopy> all = new ArrayList<>(copies);
      all.addAll(other.copies);
      SortedSet<Integer> allMissing = new TreeSet<>(missing);
      allMissing.addAll(other.missing);
      return new Found(all, leftOut + other.leftOut, allMissing);
    }
  }

  /// Asks all partitions.
  ///
  /// @param request without partitions
  /// @return completes by the deadline
  public CompletableFuture<Found> find(FindCopiesRequest request) {
    return ask(IntStream.range(0, view.landmarkPartitions()).boxed().toList(), request, 0);
  }

  /// @param rank 0 to ask the first host of each partition, 1 the second, ...
  private CompletableFuture<Found> ask(
      Collection<Integer> partitions, FindCopiesRequest request, int rank) {
    Map<String, SortedSet<Integer>> byHost = new TreeMap<>();
    SortedSet<Integer> missing = new TreeSet<>();
    for (int partition : partitions) {
      List<String> hosts = view.landmarkHosts(partition);
      if (rank < hosts.size() && !deadline.hasPassed()) {
        byHost.computeIfAbsent(hosts.get(rank), _ -> new TreeSet<>()).add(partition);
      } else {
        missing.add(partition);
      }
    }
    CompletableFuture<Found> all =
        CompletableFuture.completedFuture(new Found(List.of(), 0, missing));
    for (Map.Entry<String, SortedSet<Integer>> host : byHost.entrySet()) {
      all = all.thenCombine(call(host.getKey(), host.getValue(), request, rank), Found::and);
    }
    return all;
  }

  private CompletableFuture<Found> call(
      String host, SortedSet<Integer> partitions, FindCopiesRequest request, int rank) {
    return Calls.future(
            clients
                .calls(host)
                .withDeadlineAfter(deadline.leftMillis(), TimeUnit.MILLISECONDS)
                .findCopies(request.toBuilder().addAllPartitions(partitions).build()))
        .exceptionally(cause -> {
          log.debug(
              "Index instance did not look for copies address={} partitions={}",
              host,
              partitions,
              cause);
          return FindCopiesResponse.newBuilder().addAllNotActive(partitions).build();
        })
        .thenCompose(response -> {
          SortedSet<Integer> notActive = new TreeSet<>(response.getNotActiveList());
          notActive.retainAll(partitions);
          Found here = new Found(response.getFoundList(), response.getLeftOut(), new TreeSet<>());
          return notActive.isEmpty()
              ? CompletableFuture.completedFuture(here)
              : ask(notActive, request, rank + 1).thenApply(here::and);
        });
  }
}
