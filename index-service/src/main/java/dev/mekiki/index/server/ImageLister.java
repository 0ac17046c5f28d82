package dev.mekiki.index.server;

import static dev.mekiki.index.server.IndexEndpoint.invalid;
import static dev.mekiki.index.server.IndexEndpoint.refused;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.bucket.MetadataFilter;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.partition.PlacementStore;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.ListPartitionImagesRequest;
import dev.mekiki.schemas.v1.ListPartitionImagesResponse;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.StoredImage;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/// Lists the images of a partition hosted here, in the order of their ids as bytes. Thread-safe.
///
/// @param geometry the generation served
/// @param filterable which metadata a list may be filtered by
/// @param searcher knows the partitions hosted here
record ImageLister(
    GenerationGeometry geometry, FilterableKeys filterable, PartitionSearcher searcher) {
  private static final int MAX_LIMIT = 1000;
  private static final int MAX_LOOK_AT = 20_000;

  /// The next images.
  ///
  /// @param expired asked at each image whether to stop
  /// @throws StatusRuntimeException INVALID_ARGUMENT where the request is at fault,
  ///   FAILED_PRECONDITION where the partition is not hosted here, UNAVAILABLE where it is closed
  ///   while it is read
  ListPartitionImagesResponse list(ListPartitionImagesRequest request, BooleanSupplier expired) {
    RematchFinder.requireServed(request.getGeneration(), geometry);
    check(request);
    int partition = request.getPartition();
    PlacementStore store =
        searcher
            .readable(partition)
            .orElseThrow(() ->
                refused(
                    Status.FAILED_PRECONDITION,
                    "partition %d is not here (expected: one hosted here; WatchRouting says which instance hosts it)"
                        .formatted(partition)));
    Page page = new Page(filterable, request, expired);
    try {
      ByteString last = store.scan(request.getAfter(), page);
      page.response.setLast(last);
    } catch (InvalidStateStoreException e) {
      throw refused(Status.UNAVAILABLE, "the partition is moving to another instance");
    }
    if (!store.isActive()) {
      searcher.standby(partition).ifPresent(page.response::setStandby);
    }
    return page.response.build();
  }

  private void check(ListPartitionImagesRequest request) {
    try {
      RecordChecks.range("partition", request.getPartition(), 0, geometry.partitions() - 1L);
      RecordChecks.range("limit", request.getLimit(), 1, MAX_LIMIT);
      RecordChecks.range("look_at", request.getLookAt(), 1, MAX_LOOK_AT);
    } catch (DefectiveRecordException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
    filterable
        .defect(request.getFilterMap())
        .ifPresent(defect -> {
          throw invalid(defect);
        });
  }

  /// An answer that is being made.
  private static final class Page implements PlacementStore.Scan {
    private final ListPartitionImagesResponse.Builder response =
        ListPartitionImagesResponse.newBuilder();
    private final FilterableKeys filterable;
    private final ListPartitionImagesRequest request;
    private final BooleanSupplier expired;
    private final Set<Integer> centers;
    private final MetadataFilter filter;

    Page(FilterableKeys filterable, ListPartitionImagesRequest request, BooleanSupplier expired) {
      this.filterable = filterable;
      this.request = request;
      this.expired = expired;
      this.centers = Set.copyOf(request.getCentersList());
      @Nullable String tenant = request.hasTenant() ? request.getTenant() : null;
      this.filter = FilterableKeys.filter(request.getFilterMap(), tenant);
    }

    @Override
    public boolean take(String id, Placement placement) {
      response.setLookedAt(response.getLookedAt() + 1);
      if (isWanted(placement)) {
        response.addImages(StoredImage.newBuilder().setImageId(id).setPlacement(placement));
      }
      return response.getImagesCount() < request.getLimit()
          && response.getLookedAt() < request.getLookAt()
          && !expired.getAsBoolean();
    }

    private boolean isWanted(Placement placement) {
      return (centers.isEmpty() || centers.contains(placement.getCenter()))
          && (!request.hasSince()
              || Timestamps.compare(placement.getImageTime(), request.getSince()) >= 0)
          && filter.accepts(filterable.of(placement));
    }
  }
}
