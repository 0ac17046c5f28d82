package dev.mekiki.query.cluster;

import com.google.common.util.concurrent.ListenableFuture;
import dev.mekiki.schemas.v1.Arrivals;
import dev.mekiki.schemas.v1.AwaitDecisionsRequest;
import dev.mekiki.schemas.v1.FindCopiesAgainRequest;
import dev.mekiki.schemas.v1.FindCopiesAgainResponse;
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
import java.util.stream.IntStream;

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

  /// How far each partition has come with arrivals, all asked at once.
  ///
  /// @param partitions of the generation
  public List<Arrivals> arrivals(String generation, int partitions) {
    return all(
        requests(generation, partitions),
        request -> active(request.getPartition(), stub -> stub.getArrivals(request)));
  }

  /// The next images of a partition.
  public ListArrivalsResponse list(ListArrivalsRequest request) {
    return join(active(request.getPartition(), stub -> stub.listArrivals(request)));
  }

  /// The matches of images in several partitions, all asked at once.
  ///
  /// @return the answers in the order of the requests
  public List<MatchAgainResponse> match(List<MatchAgainRequest> requests) {
    return all(
        requests, request -> active(request.getPartition(), stub -> stub.matchAgain(request)));
  }

  /// How far each partition of landmarks has come with arrivals, all asked at once.
  public List<Arrivals> copyArrivals(String generation) {
    return all(
        requests(generation, view.landmarkPartitions()),
        request -> activeLandmarks(request.getPartition(), stub -> stub.getCopyArrivals(request)));
  }

  /// The pairs of images in several partitions of landmarks, all asked at once.
  ///
  /// @return the answers in the order of the requests
  public List<FindCopiesAgainResponse> findCopies(List<FindCopiesAgainRequest> requests) {
    return all(
        requests,
        request -> activeLandmarks(request.getPartition(), stub -> stub.findCopiesAgain(request)));
  }

  private static List<GetArrivalsRequest> requests(String generation, int partitions) {
    return IntStream.range(0, partitions)
        .mapToObj(partition ->
            GetArrivalsRequest.newBuilder()
                .setGeneration(generation)
                .setPartition(partition)
                .build())
        .toList();
  }

  /// Makes all calls, then waits for their answers.
  private static <T, R> List<R> all(List<T> requests, Function<T, CompletableFuture<R>> call) {
    List<CompletableFuture<R>> calls = requests.stream().map(call).toList();
    return calls.stream().map(StoredPartitions::join).toList();
  }

  private <T> CompletableFuture<T> active(
      int partition, Function<IndexFutureStub, ListenableFuture<T>> call) {
    return first(view.hosts(partition), "partition " + partition, call);
  }

  private <T> CompletableFuture<T> activeLandmarks(
      int partition, Function<IndexFutureStub, ListenableFuture<T>> call) {
    return first(view.landmarkHosts(partition), "partition of landmarks " + partition, call);
  }

  private <T> CompletableFuture<T> first(
      List<String> hosts, String partition, Function<IndexFutureStub, ListenableFuture<T>> call) {
    return hosts.isEmpty()
        ? CompletableFuture.failedFuture(unavailable("no index instance is known for " + partition))
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
