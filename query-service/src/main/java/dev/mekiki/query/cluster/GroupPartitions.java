package dev.mekiki.query.cluster;

import com.google.common.util.concurrent.ListenableFuture;
import dev.mekiki.query.cluster.PartitionCalls.Reply;
import dev.mekiki.schemas.v1.IndexGrpc.IndexFutureStub;
import java.util.function.Function;

/// Asks the instance on which a partition of contents is active.
///
/// Made for one request, with the cluster as it stood when the request began.
///
/// @param view the cluster, instances of one generation alone
/// @param clients calls to index instances
/// @param deadline when a partition that has not answered is given up
public record GroupPartitions(ClusterView view, IndexClients clients, Deadline deadline) {
  /// Asks about a partition; blocks.
  ///
  /// @param call asks one instance
  public <T> Reply<T> ask(int partition, Function<IndexFutureStub, ListenableFuture<T>> call) {
    return new PartitionCalls(clients, deadline)
        .ask(view.groupHosts(partition), "partition %d of contents".formatted(partition), call);
  }
}
