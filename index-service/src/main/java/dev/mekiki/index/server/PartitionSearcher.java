package dev.mekiki.index.server;

import dev.mekiki.hashing.bucket.Hit;
import dev.mekiki.hashing.bucket.SearchQuery;
import dev.mekiki.index.partition.HostedPartitions;
import dev.mekiki.index.partition.PartitionAnswer;
import dev.mekiki.index.partition.PartitionAnswer.Found;
import dev.mekiki.index.partition.PartitionMetrics;
import dev.mekiki.index.partition.PlacementStore;
import dev.mekiki.schemas.v1.PartitionSearchResponse;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchStatistics;
import dev.mekiki.schemas.v1.StandbyAnswer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/// Searches several partitions of this instance and merges what they hold. Thread-safe.
public final class PartitionSearcher {
  private static final Comparator<Found> ORDER = Comparator.comparing(Found::hit, Hit.ORDER);

  private final HostedPartitions hosted;
  private final StandbyLags lags;
  private final PartitionMetrics metrics;

  /// @param hosted the open stores
  /// @param lags how far standbys are behind
  /// @param metrics counts probes
  public PartitionSearcher(
      HostedPartitions hosted, StandbyLags lags, PartitionMetrics metrics) {
    this.hosted = hosted;
    this.lags = lags;
    this.metrics = metrics;
  }

  /// The k best of all given partitions that are hosted here.
  PartitionSearchResponse search(Collection<Integer> partitions, SearchQuery query) {
    PartitionSearchResponse.Builder response = PartitionSearchResponse.newBuilder();
    SearchStatistics.Builder statistics = SearchStatistics.newBuilder();
    List<Found> found = new ArrayList<>();
    boolean complete = true;
    for (int partition : partitions) {
      Optional<PlacementStore> store = readable(partition);
      Optional<PartitionAnswer> answered = store.flatMap(open -> search(open, query));
      if (answered.isEmpty()) {
        response.addNotHosted(partition);
        continue;
      }
      PartitionAnswer answer = answered.get();
      metrics.probed(answer);
      found.addAll(answer.found());
      complete &= answer.complete();
      statistics
          .setPartitions(statistics.getPartitions() + 1)
          .setBuckets(statistics.getBuckets() + answer.bucketsTouched())
          .setShells(statistics.getShells() + answer.shellsTouched())
          .setCodes(statistics.getCodes() + answer.codesTouched());
      if (!store.get().isActive()) {
        lags.of(partition)
            .ifPresent(lag ->
                response.addStandby(
                    StandbyAnswer.newBuilder().setPartition(partition).setLag(lag)));
      }
    }
    found.sort(ORDER);
    for (Found hit : found.subList(0, Math.min(query.k(), found.size()))) {
      response.addHits(hit(hit));
    }
    return response.setComplete(complete).setStatistics(statistics).build();
  }

  /// The store of a partition that can tell how up to date it is: one that is active, or one whose
  /// lag is known. A store just opened that has not been looked at may hold almost nothing.
  Optional<PlacementStore> readable(int partition) {
    return hosted
        .partition(partition)
        .filter(store -> {
          OptionalLong lag = lags.of(partition);
          return store.isActive() || lag.isPresent();
        });
  }

  /// Empty where the store closed while it was read.
  private static Optional<PartitionAnswer> search(PlacementStore store, SearchQuery query) {
    try {
      return Optional.of(store.search(query));
    } catch (InvalidStateStoreException e) {
      return Optional.empty();
    }
  }

  private static SearchHit hit(Found found) {
    Hit hit = found.hit();
    Placement placement = found.placement();
    SearchHit.Builder builder =
        SearchHit.newBuilder()
            .setImageId(hit.id())
            .setCodeDistance(hit.codeDistance())
            .setRevision(placement.getRevision())
            .setCenter(placement.getCenter())
            .setShell(placement.getShell());
    if (hit.fingerprintDistance() != Hit.NO_FINGERPRINT) {
      builder.setFingerprintDistance(hit.fingerprintDistance());
    }
    return builder.build();
  }
}
