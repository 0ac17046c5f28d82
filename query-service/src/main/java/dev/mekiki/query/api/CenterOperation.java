package dev.mekiki.query.api;

import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.query.cluster.ClusterView;
import dev.mekiki.query.cluster.Deadline;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.BucketSize;
import dev.mekiki.schemas.v1.CenterCursor;
import dev.mekiki.schemas.v1.CenterSizes;
import dev.mekiki.schemas.v1.GetPartitionSizesResponse;
import dev.mekiki.schemas.v1.HashCenter;
import dev.mekiki.schemas.v1.ListCentersRequest;
import dev.mekiki.schemas.v1.ListCentersResponse;
import dev.mekiki.schemas.v1.PartitionSize;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The hash centers of the active generation, and how many images they have. Thread-safe.
final class CenterOperation {
  private final Backend backend;
  private final TenantRules tenants;

  /// @param tenants what each caller may see
  CenterOperation(Backend backend, TenantRules tenants) {
    this.backend = backend;
    this.tenants = tenants;
  }

  /// Some centers. Equal requests have equal answers for as long as the generation is active.
  ///
  /// @throws ApiException INVALID_ARGUMENT where the request is none, UNAVAILABLE without a
  ///   generation
  ListCentersResponse list(ListCentersRequest request) {
    GenerationGeometry generation = backend.generation();
    int limit = Paging.limit(request.hasLimit() ? request.getLimit() : Paging.DEFAULT_LIMIT);
    int from = from(request.getCursor(), generation);
    int end = Math.min(from + limit, generation.centers().size());
    ListCentersResponse.Builder response =
        ListCentersResponse.newBuilder()
            .setGeneration(generation.id())
            .setBits(generation.bits())
            .setPartitions(generation.partitions());
    IntStream.range(from, end).forEach(center -> response.addCenters(center(center, generation)));
    if (end < generation.centers().size()) {
      response.setNextCursor(
          Paging.text(
              CenterCursor.newBuilder().setGeneration(generation.id()).setCenter(end).build()));
    }
    return response.build();
  }

  private static HashCenter center(int center, GenerationGeometry generation) {
    CenterTable centers = generation.centers();
    return HashCenter.newBuilder()
        .setCenter(center)
        .setCode(centers.center(center).toHex())
        .setLabel(centers.label(center))
        .addAllPartitions(generation.routing().partitionsOfCenter(center))
        .build();
  }

  private static int from(String text, GenerationGeometry generation) {
    if (text.isEmpty()) {
      return 0;
    }
    CenterCursor cursor = Paging.cursor(text, CenterCursor.parser());
    if (!cursor.getGeneration().equals(generation.id())) {
      throw ApiException.invalid(
          "cursor: '%s' is of another generation (expected: none; another generation has come, so begin again)"
              .formatted(BoundedText.quote(text)));
    }
    if (cursor.getCenter() < 0 || cursor.getCenter() >= generation.centers().size()) {
      throw Paging.badCursor(text);
    }
    return cursor.getCenter();
  }

  /// How many images each center has now; blocks. Who sees the images of one tenant alone learns
  /// nothing of others'.
  ///
  /// @throws ApiException UNAVAILABLE without a generation
  CenterSizes sizes(Caller caller) {
    GenerationGeometry generation = backend.generation();
    CenterSizes.Builder sizes = CenterSizes.newBuilder().setGeneration(generation.id());
    @Nullable String tenant = tenants.seen(caller);
    if (tenant != null) {
      return sizes.setTenant(tenant).build();
    }
    ClusterView view = backend.view(generation);
    Deadline deadline = Deadline.after(backend.limits().searchTimeout());
    long[] images = new long[generation.centers().size()];
    TreeSet<Integer> missing = new TreeSet<>();
    IntStream.range(0, generation.partitions()).forEach(missing::add);
    for (GetPartitionSizesResponse host :
        backend.clients().sizes(view, generation.partitions(), true, deadline)) {
      for (PartitionSize partition : host.getSizesList()) {
        missing.remove(partition.getPartition());
        for (BucketSize bucket : partition.getBucketsList()) {
          images[bucket.getCenter()] += bucket.getImages();
        }
      }
    }
    return sizes
        .addAllImages(Arrays.stream(images).boxed().toList())
        .addAllMissingPartitions(missing)
        .build();
  }
}
