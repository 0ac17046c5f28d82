package dev.mekiki.query.api;

import dev.mekiki.query.cluster.ClusterView;
import dev.mekiki.query.cluster.Deadline;
import dev.mekiki.query.cluster.Instance;
import dev.mekiki.query.search.ActiveGeneration;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.PartitionSize;
import dev.mekiki.schemas.v1.Status;

/// Tells how the whole stands: the active generation, who hosts what, how many images there are.
/// Thread-safe; a report blocks.
final class StatusReport {
  private final Backend backend;
  private final String version;

  StatusReport(Backend backend, String version) {
    this.backend = backend;
    this.version = version;
  }

  /// The status now; without a generation, nothing but the version.
  Status now() {
    ActiveGeneration generation = backend.active().get();
    Status.Builder status = Status.newBuilder().setVersion(version);
    if (generation == null) {
      return status.build();
    }
    Generation record = generation.record();
    ClusterView view = backend.routing().view().of(generation.id());
    long images = 0;
    long placements = 0;
    for (PartitionSize size :
        backend
            .clients()
            .sizes(
                view, record.getPartitions(), Deadline.after(backend.limits().searchTimeout()))) {
      images += size.getHomeImages();
      placements += size.getPlacements();
    }
    return status
        .setGeneration(record.getId())
        .setNetwork(record.getNetwork())
        .setBits(record.getBits())
        .setCenters(record.getCentersCount())
        .setPartitions(record.getPartitions())
        .setReplicationRadius(record.getReplicationRadius())
        .addAllMissingPartitions(view.missing(record.getPartitions()))
        .addAllInstances(view.instances().stream().map(Instance::hosted).toList())
        .setImages(images)
        .setPlacements(placements)
        .setReplicationFactor(images == 0 ? 0 : (double) placements / images)
        .build();
  }
}
