package dev.mekiki.query.api;

import dev.mekiki.query.cluster.ClusterView;
import dev.mekiki.query.cluster.Deadline;
import dev.mekiki.query.cluster.Instance;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.GetPartitionSizesResponse;
import dev.mekiki.schemas.v1.PartitionSize;
import dev.mekiki.schemas.v1.Status;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reports the state of the installation: the active generation, who hosts what, how many images
/// there are. Thread-safe; a report blocks.
final class StatusReport {
  private final Backend backend;
  private final boolean tenantsShared;
  private final int maxHits;
  private final String version;

  /// @param maxHits most hits of a search
  StatusReport(Backend backend, boolean tenantsShared, int maxHits, String version) {
    this.backend = backend;
    this.tenantsShared = tenantsShared;
    this.maxHits = maxHits;
    this.version = version;
  }

  /// The status now; without a generation, nothing but the version.
  ///
  /// @param tenant who sees its own images alone, and learns nothing of others': no instances, no
  ///   figures; null for who sees everybody's
  Status now(@Nullable String tenant) {
    GenerationGeometry generation = backend.active().get();
    Status.Builder status =
        Status.newBuilder().setVersion(version).setTenantsShared(tenantsShared).setMaxHits(maxHits);
    if (tenant != null) {
      status.setTenant(tenant);
    }
    if (generation == null) {
      return status.build();
    }
    ClusterView view = backend.view(generation);
    List<GetPartitionSizesResponse> sizes =
        backend
            .clients()
            .sizes(
                view,
                generation.partitions(),
                false,
                Deadline.after(backend.limits().searchTimeout()));
    status
        .setGeneration(generation.id())
        .setNetwork(generation.network())
        .setBits(generation.bits())
        .setCenters(generation.centers().size())
        .setPartitions(generation.partitions())
        .addAllMissingPartitions(view.missing(generation.partitions()))
        .addAllFilterableMetadata(filterable(sizes));
    if (tenant == null) {
      addFigures(
          status, view, sizes.stream().flatMap(host -> host.getSizesList().stream()).toList());
    }
    return status.build();
  }

  /// The keys that all of them keep, as a search that asks all must name none of others.
  private static SortedSet<String> filterable(List<GetPartitionSizesResponse> hosts) {
    SortedSet<String> keys = new TreeSet<>();
    hosts.forEach(host -> keys.addAll(host.getFilterableMetadataList()));
    hosts.forEach(host -> keys.retainAll(host.getFilterableMetadataList()));
    return keys;
  }

  private static void addFigures(
      Status.Builder status, ClusterView view, List<PartitionSize> sizes) {
    LongSummaryStatistics images =
        sizes.stream().mapToLong(PartitionSize::getHomeImages).summaryStatistics();
    long arrivals = sizes.stream().mapToLong(PartitionSize::getArrivals).sum();
    long probes = sizes.stream().mapToLong(PartitionSize::getProbes).sum();
    status
        .addAllInstances(view.instances().stream().map(Instance::hosted).toList())
        .setImages(images.getSum())
        .setProbesPerImage(arrivals == 0 ? 0 : (double) probes / arrivals)
        .setFullestOverMean(images.getSum() == 0 ? 0 : images.getMax() / images.getAverage());
  }
}
