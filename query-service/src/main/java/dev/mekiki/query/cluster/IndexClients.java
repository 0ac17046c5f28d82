package dev.mekiki.query.cluster;

import com.linecorp.armeria.client.ClientFactory;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.schemas.v1.GetMatchRulesRequest;
import dev.mekiki.schemas.v1.GetPartitionSizesRequest;
import dev.mekiki.schemas.v1.GetPartitionSizesResponse;
import dev.mekiki.schemas.v1.IndexGrpc;
import dev.mekiki.schemas.v1.MatchRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A gRPC client for each index instance, by address. Thread-safe.
public final class IndexClients {
  private static final Logger log = LoggerFactory.getLogger(IndexClients.class);

  /// More hits than any search asks a partition for, each with an id of 1 KiB.
  private static final int MAX_RESPONSE_BYTES = 64 << 20;

  private final ClientAccess access;
  private final ClientFactory factory;
  private final ConcurrentMap<String, IndexGrpc.IndexFutureStub> calls = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, IndexGrpc.IndexStub> streams = new ConcurrentHashMap<>();

  /// @param access what the instances are shown
  /// @param factory stays the caller's to close
  public IndexClients(ClientAccess access, ClientFactory factory) {
    this.access = access;
    this.factory = factory;
  }

  /// For single calls; each must be given a deadline.
  ///
  /// @param address host:port
  IndexGrpc.IndexFutureStub calls(String address) {
    return calls.computeIfAbsent(address, a -> client(a, IndexGrpc.IndexFutureStub.class));
  }

  /// For streams, which have no deadline.
  ///
  /// @param address host:port
  IndexGrpc.IndexStub streams(String address) {
    return streams.computeIfAbsent(address, a -> client(a, IndexGrpc.IndexStub.class));
  }

  /// The sizes of partitions, and by what searches may filter, as each host says that answers by
  /// the deadline; blocks.
  ///
  /// @param view the cluster, instances of one generation alone
  /// @param partitions number of partitions of that generation
  /// @param buckets whether the images of each bucket are counted, too
  public List<GetPartitionSizesResponse> sizes(
      ClusterView view, int partitions, boolean buckets, Deadline deadline) {
    Map<String, GetPartitionSizesRequest.Builder> byHost = new TreeMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      for (String host : view.hosts(partition).stream().limit(1).toList()) {
        byHost
            .computeIfAbsent(host, h -> GetPartitionSizesRequest.newBuilder().setBuckets(buckets))
            .addPartitions(partition);
      }
    }
    List<CompletableFuture<Optional<GetPartitionSizesResponse>>> calls = new ArrayList<>();
    byHost.forEach((host, request) ->
        calls.add(
            Calls.future(
                    calls(host)
                        .withDeadlineAfter(deadline.leftMillis(), TimeUnit.MILLISECONDS)
                        .getPartitionSizes(request.build()))
                .thenApply(Optional::of)
                .exceptionally(cause -> {
                  log.debug("No partition sizes address={}", host, cause);
                  return Optional.empty();
                })));
    return answers(calls);
  }

  /// By what the instances decide on pairs, with the quarantines of all that answer by the
  /// deadline; empty where none does. Blocks.
  ///
  /// @param view the cluster, instances of one generation alone: they have agreed on the rest
  public Optional<MatchRules> rules(ClusterView view, Deadline deadline) {
    return rulesOfEach(view, deadline).stream()
        .reduce((first, other) ->
            first.toBuilder().addAllQuarantines(other.getQuarantinesList()).build());
  }

  /// The same of each instance that answers by the deadline. Blocks.
  public List<MatchRules> rulesOfEach(ClusterView view, Deadline deadline) {
    List<CompletableFuture<Optional<MatchRules>>> calls = new ArrayList<>();
    for (Instance instance : view.instances()) {
      calls.add(
          Calls.future(
                  calls(instance.address())
                      .withDeadlineAfter(deadline.leftMillis(), TimeUnit.MILLISECONDS)
                      .getMatchRules(GetMatchRulesRequest.getDefaultInstance()))
              .thenApply(Optional::of)
              .exceptionally(cause -> {
                log.debug("No match rules address={}", instance.address(), cause);
                return Optional.empty();
              }));
    }
    return answers(calls);
  }

  private static <T> List<T> answers(List<CompletableFuture<Optional<T>>> calls) {
    return calls.stream().flatMap(call -> call.join().stream()).toList();
  }

  private <T> T client(String address, Class<T> type) {
    return access
        .grpc(address)
        .factory(factory)
        .responseTimeoutMillis(0)
        .maxResponseLength(MAX_RESPONSE_BYTES)
        .build(type);
  }
}
