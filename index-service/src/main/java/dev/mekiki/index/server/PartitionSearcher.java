package dev.mekiki.index.server;

import dev.mekiki.hashing.bucket.Hit;
import dev.mekiki.hashing.bucket.PartitionQuery;
import dev.mekiki.index.partition.HostedPartitions;
import dev.mekiki.index.partition.PartitionHits;
import dev.mekiki.index.partition.PartitionHits.Found;
import dev.mekiki.index.partition.PartitionMetrics;
import dev.mekiki.index.partition.PlacementStore;
import dev.mekiki.index.standby.StandbyLags;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.BucketSize;
import dev.mekiki.schemas.v1.PartitionSearchResponse;
import dev.mekiki.schemas.v1.PartitionSize;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchStatistics;
import dev.mekiki.schemas.v1.StandbyAnswer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/// Searches several partitions of this instance and merges what they hold. Thread-safe.
public final class PartitionSearcher {
  private static final Comparator<Found> ORDER = Comparator.comparing(Found::hit, Hit.ORDER);

  private final GenerationGeometry geometry;
  private final HostedPartitions hosted;
  private final PartitionMetrics metrics;
  private final BooleanSupplier trusted;

  /// @param geometry the generation served
  /// @param hosted the open stores
  /// @param metrics counts searches
  /// @param trusted whether active stores are relied on: not while others may have gone on
  public PartitionSearcher(
      GenerationGeometry geometry,
      HostedPartitions hosted,
      PartitionMetrics metrics,
      BooleanSupplier trusted) {
    this.geometry = geometry;
    this.hosted = hosted;
    this.metrics = metrics;
    this.trusted = trusted;
  }

  /// The stores open here.
  Collection<PlacementStore> stores() {
    return hosted.all();
  }

  /// What a search says of its hits beside what they are.
  interface Marks {
    Marks NONE = (_, _) -> {};

    /// When an image came, and the metadata by which searches may filter.
    Marks DESCRIPTION =
        (hit, placement) ->
            hit.setImageTime(placement.getImageTime())
                .putAllMetadata(placement.getFilterableMetadataMap());

    void mark(SearchHit.Builder hit, Placement placement);

    /// These, and others beside them.
    default Marks and(Marks others) {
      return (hit, placement) -> {
        mark(hit, placement);
        others.mark(hit, placement);
      };
    }
  }

  /// The k best of all given partitions that are hosted here.
  ///
  /// They are searched by rising lower bound of what they can hold, each only as far as the k-th
  /// hit of those before it: what lies at that distance may still come before it, what lies beyond
  /// cannot.
  PartitionSearchResponse search(
      Collection<Integer> partitions, PartitionQuery query, Marks marks) {
    PartitionSearchResponse.Builder response = PartitionSearchResponse.newBuilder();
    SearchStatistics.Builder statistics = SearchStatistics.newBuilder();
    int[] bounds = geometry.routing().partitionBounds(query.code());
    List<Integer> nearestFirst = new ArrayList<>(partitions);
    nearestFirst.sort(
        Comparator.<Integer>comparingInt(partition -> bounds[partition])
            .thenComparing(Comparator.naturalOrder()));
    List<Found> nearest = List.of();
    boolean complete = true;
    for (int partition : nearestFirst) {
      Optional<PlacementStore> store = readable(partition);
      if (store.isEmpty()) {
        response.addNotHosted(partition);
        continue;
      }
      int radius = radius(query, nearest);
      if (bounds[partition] > radius) {
        continue;
      }
      Optional<PartitionHits> answered = search(store.get(), within(query, radius));
      if (answered.isEmpty()) {
        response.addNotHosted(partition);
        continue;
      }
      PartitionHits answer = answered.get();
      metrics.searched(answer);
      nearest = nearest(nearest, answer.found(), query.k());
      complete &= answer.complete();
      statistics
          .setPartitions(statistics.getPartitions() + 1)
          .setBuckets(statistics.getBuckets() + answer.bucketsTouched())
          .setShells(statistics.getShells() + answer.shellsTouched())
          .setCodes(statistics.getCodes() + answer.codesTouched());
      if (!store.get().isActive()) {
        standby(partition).ifPresent(response::addStandby);
      }
    }
    nearest.forEach(found -> response.addHits(hit(found, marks)));
    return response.setComplete(complete).setStatistics(statistics).build();
  }

  /// How far a hit may lie that can still be among the k nearest.
  private static int radius(PartitionQuery query, List<Found> nearest) {
    return nearest.size() < query.k()
        ? query.radius()
        : Math.min(query.radius(), nearest.getLast().hit().codeDistance());
  }

  private static PartitionQuery within(PartitionQuery query, int radius) {
    return new PartitionQuery(
        query.code(), query.fingerprint(), radius, query.k(), query.filter(), query.expired());
  }

  private static List<Found> nearest(List<Found> some, List<Found> others, int k) {
    if (some.isEmpty()) {
      return others;
    }
    List<Found> all = new ArrayList<>(some);
    all.addAll(others);
    all.sort(ORDER);
    return all.subList(0, Math.min(k, all.size()));
  }

  /// The store of a partition of which it is known how up to date it is: one that is active, or one
  /// whose lag is known. A store just opened that has not been looked at may hold almost nothing.
  Optional<PlacementStore> readable(int partition) {
    return hosted
        .partition(partition)
        .filter(store -> {
          boolean isKnown = lag(partition).isPresent();
          return store.isActive() ? trusted.getAsBoolean() : isKnown;
        });
  }

  /// How many images lie in those of the partitions that can be read here.
  ///
  /// @param buckets whether those of each bucket are counted, too
  List<PartitionSize> sizes(Collection<Integer> partitions, boolean buckets) {
    List<PartitionSize> sizes = new ArrayList<>();
    for (int partition : partitions) {
      readable(partition).map(store -> size(store, buckets)).ifPresent(sizes::add);
    }
    return sizes;
  }

  private PartitionSize size(PlacementStore store, boolean buckets) {
    PartitionSize.Builder size =
        PartitionSize.newBuilder()
            .setPartition(store.partition())
            .setHomeImages(store.images())
            .setArrivals(store.arrivals())
            .setProbes(store.probesSent());
    for (int center = 0; buckets && center < geometry.centers().size(); center++) {
      int images = store.images(center);
      if (images > 0) {
        size.addBuckets(BucketSize.newBuilder().setCenter(center).setImages(images));
      }
    }
    return size.build();
  }

  /// What an answer says of a standby that it comes from; empty while it is not known how far that
  /// is behind.
  Optional<StandbyAnswer> standby(int partition) {
    return lag(partition)
        .map(lag ->
            StandbyAnswer.newBuilder()
                .setPartition(partition)
                .setLag(lag.records())
                .setLagAgeMillis(lag.ageMillis())
                .build());
  }

  private Optional<StandbyLags.Lag> lag(int partition) {
    return hosted.lags().of(PlacementStore.NAME, partition);
  }

  /// Empty where the store closed while it was read.
  private static Optional<PartitionHits> search(PlacementStore store, PartitionQuery query) {
    try {
      return Optional.of(store.search(query));
    } catch (InvalidStateStoreException e) {
      return Optional.empty();
    }
  }

  private static SearchHit hit(Found found, Marks marks) {
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
    marks.mark(builder, placement);
    return builder.build();
  }
}
