package dev.mekiki.index.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.mekiki.hashing.bucket.Hit;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.index.World;
import dev.mekiki.schemas.v1.IndexGrpc;
import dev.mekiki.schemas.v1.IndexInstance;
import dev.mekiki.schemas.v1.PartitionSearchRequest;
import dev.mekiki.schemas.v1.PartitionSearchResponse;
import dev.mekiki.schemas.v1.RoutingSnapshot;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.WatchRoutingRequest;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What instances of the index answer when they are asked.
final class InstanceClients {
  private final String generation;
  private final int partitions;
  private final Map<String, IndexGrpc.IndexBlockingStub> stubs = new ConcurrentHashMap<>();

  /// @param partitions of the generation
  InstanceClients(String generation, int partitions) {
    this.generation = generation;
    this.partitions = partitions;
  }

  IndexGrpc.IndexBlockingStub client(String address) {
    return stubs.computeIfAbsent(
        address,
        _ ->
            GrpcClients.builder("gproto+http://" + address)
                .responseTimeout(Duration.ofSeconds(10))
                .build(IndexGrpc.IndexBlockingStub.class));
  }

  /// The k nearest in all partitions, each asked at the instance where it is active.
  List<SearchHit> search(
      List<IndexInstance> instances, HashCode code, HashCode fingerprint, int k) {
    List<SearchHit> found = new ArrayList<>();
    Set<Integer> asked = new HashSet<>();
    for (IndexInstance instance : instances) {
      asked.addAll(instance.getActivePartitionsList());
      PartitionSearchResponse response =
          client(instance.getAddress())
              .partitionSearch(request(code, fingerprint, instance.getActivePartitionsList(), k));
      assertThat(response.getNotHostedList()).isEmpty();
      assertThat(response.getStandbyList()).isEmpty();
      assertThat(response.getComplete()).isTrue();
      found.addAll(response.getHitsList());
    }
    assertThat(asked).hasSize(partitions);
    found.sort(Comparator.comparing(InstanceClients::hit, Hit.ORDER));
    return found.subList(0, Math.min(k, found.size()));
  }

  PartitionSearchRequest request(
      HashCode code, HashCode fingerprint, Collection<Integer> partitions, int k) {
    return PartitionSearchRequest.newBuilder()
        .setGeneration(generation)
        .addAllPartitions(partitions)
        .setHashCode(ByteString.copyFrom(code.toBytes()))
        .setFingerprint(ByteString.copyFrom(fingerprint.toBytes()))
        .setRadius(World.BITS)
        .setK(k)
        .build();
  }

  static Hit hit(SearchHit hit) {
    return new Hit(hit.getImageId(), hit.getCodeDistance(), hit.getFingerprintDistance());
  }

  /// Who hosts what, as the instance at that address sees it now.
  RoutingSnapshot routing(String address) {
    CompletableFuture<RoutingSnapshot> first = new CompletableFuture<>();
    GrpcClients.newClient("gproto+http://" + address, IndexGrpc.IndexStub.class)
        .watchRouting(
            WatchRoutingRequest.getDefaultInstance(),
            new ClientResponseObserver<WatchRoutingRequest, RoutingSnapshot>() {
              private @Nullable ClientCallStreamObserver<WatchRoutingRequest> call;

              @Override
              public void beforeStart(ClientCallStreamObserver<WatchRoutingRequest> started) {
                call = started;
              }

              @Override
              public void onNext(RoutingSnapshot snapshot) {
                first.complete(snapshot);
                if (call != null) {
                  call.cancel("one is enough", null);
                }
              }

              @Override
              public void onError(Throwable failure) {
                first.completeExceptionally(failure);
              }

              @Override
              public void onCompleted() {}
            });
    return first.orTimeout(10, TimeUnit.SECONDS).join();
  }
}
