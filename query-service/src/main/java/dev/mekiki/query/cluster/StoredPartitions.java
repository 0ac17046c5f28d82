package dev.mekiki.query.cluster;

import com.google.common.util.concurrent.ListenableFuture;
import dev.mekiki.schemas.v1.Arrivals;
import dev.mekiki.schemas.v1.AwaitDecisionsRequest;
import dev.mekiki.schemas.v1.GetArrivalsRequest;
import dev.mekiki.schemas.v1.IndexGrpc.IndexFutureStub;
import dev.mekiki.schemas.v1.ListArrivalsRequest;
import dev.mekiki.schemas.v1.ListArrivalsResponse;
import dev.mekiki.schemas.v1.MatchAgainRequest;
import dev.mekiki.schemas.v1.MatchAgainResponse;
import dev.mekiki.schemas.v1.MatchRules;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Asks the instances on which partitions are active about the images that are stored there. Calls
/// block. Each fails with a {@link StatusRuntimeException}: UNAVAILABLE where it may be asked
/// again.
///
/// Made for a few calls, with the cluster as it stood then.
///
/// @param view the cluster, instances of one generation alone
/// @param clients calls to index instances
/// @param deadline when a partition that has not answered is given up
public record StoredPartitions(ClusterView view, IndexClients clients, Deadline deadline) {
  /// By what the instances decide.
  public MatchRules rules() {
    return clients
        .rules(view, deadline)
        .orElseThrow(() -> unavailable("no index instance says what a match is"));
  }

  /// Returns once every instance has read what people decided up to these offsets.
  ///
  /// @param partitions of the generation, each of which must be active somewhere
  public void awaitDecisions(int partitions, AwaitDecisionsRequest request) {
    SortedSet<Integer> missing = view.missing(partitions);
    if (!missing.isEmpty()) {
      throw unavailable("no index instance is known for partitions " + missing);
    }
    List<CompletableFuture<?>> calls = new ArrayList<>();
    for (Instance instance : view.instances()) {
      calls.add(call(instance.address(), stub -> stub.awaitDecisions(request)));
    }
    calls.forEach(StoredPartitions::join);
  }

  /// How far a partition has come with arrivals.
  public Arrivals arrivals(GetArrivalsRequest request) {
    return join(active(request.getPartition(), stub -> stub.getArrivals(request)));
  }

  /// The next images of a partition.
  public ListArrivalsResponse list(ListArrivalsRequest request) {
    return join(active(request.getPartition(), stub -> stub.listArrivals(request)));
  }

  /// The matches of images in several partitions, all asked at once.
  ///
  /// @return the answers in the order of the requests
  public List<MatchAgainResponse> match(List<MatchAgainRequest> requests) {
    List<CompletableFuture<MatchAgainResponse>> calls = new ArrayList<>();
    for (MatchAgainRequest request : requests) {
      calls.add(active(request.getPartition(), stub -> stub.matchAgain(request)));
    }
    return calls.stream().map(StoredPartitions::join).toList();
  }

  private <T> CompletableFuture<T> active(
      int partition, Function<IndexFutureStub, ListenableFuture<T>> call) {
    List<String> hosts = view.hosts(partition);
    return hosts.isEmpty()
        ? CompletableFuture.failedFuture(
            unavailable("no index instance is known for partition " + partition))
        : call(hosts.getFirst(), call);
  }

  private <T> CompletableFuture<T> call(
      String host, Function<IndexFutureStub, ListenableFuture<T>> call) {
    return Calls.future(
        call.apply(
            clients.calls(host).withDeadlineAfter(deadline.leftMillis(), TimeUnit.MILLISECONDS)));
  }

  private static <T> T join(CompletableFuture<T> call) {
    try {
      return call.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StatusRuntimeException refusal ? refusal : e;
    }
  }

  private static StatusRuntimeException unavailable(String message) {
    return Status.UNAVAILABLE.withDescription(message).asRuntimeException();
  }
}
