package dev.mekiki.query.cluster;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.grpc.GrpcService;
import dev.mekiki.schemas.v1.FindCopiesRequest;
import dev.mekiki.schemas.v1.FindCopiesResponse;
import dev.mekiki.schemas.v1.FoundCopy;
import dev.mekiki.schemas.v1.GetPlacedImageRequest;
import dev.mekiki.schemas.v1.GetPlacedImageResponse;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.IndexGrpc;
import dev.mekiki.schemas.v1.IndexInstance;
import dev.mekiki.schemas.v1.PartitionSearchRequest;
import dev.mekiki.schemas.v1.PartitionSearchResponse;
import dev.mekiki.schemas.v1.PlacedImage;
import dev.mekiki.schemas.v1.RoutingSnapshot;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.StandbyAnswer;
import dev.mekiki.schemas.v1.WatchRoutingRequest;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An index instance that answers as configured: a real gRPC server without an index. Each
/// partition it hosts holds one image, named after instance and partition, at the partition's
/// number as distance.
final class FakeInstance extends IndexGrpc.IndexImplBase implements AutoCloseable {
  final String name;
  private final Server server;
  private final String address;
  final List<PartitionSearchRequest> asked = new CopyOnWriteArrayList<>();
  final List<StreamObserver<RoutingSnapshot>> watchers = new CopyOnWriteArrayList<>();

  final List<FindCopiesRequest> askedForCopies = new CopyOnWriteArrayList<>();

  volatile Set<Integer> hosted = Set.of();
  volatile boolean standby;
  volatile boolean failing;
  volatile boolean refusing;
  volatile boolean cutOff;
  volatile boolean stopping;
  volatile boolean knowsImages = true;
  volatile Duration delay = Duration.ZERO;
  volatile RoutingSnapshot routing = RoutingSnapshot.getDefaultInstance();

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  FakeInstance(String name, int port) {
    this.name = name;
    server =
        Server.builder()
            .http(port)
            .requestTimeout(Duration.ZERO)
            .gracefulShutdownTimeout(Duration.ZERO, Duration.ZERO)
            .service(GrpcService.builder().addService(this).build())
            .build();
    server.start().join();
    address = "127.0.0.1:" + server.activeLocalPort();
  }

  String address() {
    return address;
  }

  int port() {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1));
  }

  /// Answers at once and knows everything, but hosts nothing.
  void reset() {
    hosted = Set.of();
    standby = false;
    failing = false;
    refusing = false;
    cutOff = false;
    knowsImages = true;
    delay = Duration.ZERO;
    asked.clear();
    askedForCopies.clear();
  }

  /// Stops all.
  static void close(FakeInstance... instances) {
    for (FakeInstance instance : instances) {
      // Armeria would wait 2 s more, for a thread that nobody needs.
      var _ = instance.server.stop();
      instance.timer.shutdownNow();
    }
  }

  IndexInstance active(Integer... partitions) {
    return IndexInstance.newBuilder()
        .setAddress(address())
        .addAllActivePartitions(List.of(partitions))
        .addAllActiveIdPartitions(List.of(partitions))
        .build();
  }

  IndexInstance activeLandmarks(Integer... partitions) {
    return IndexInstance.newBuilder()
        .setAddress(address())
        .addAllActiveLandmarkPartitions(List.of(partitions))
        .build();
  }

  IndexInstance standby(Integer... partitions) {
    return IndexInstance.newBuilder()
        .setAddress(address())
        .addAllStandbyPartitions(List.of(partitions))
        .addAllStandbyIdPartitions(List.of(partitions))
        .build();
  }

  /// Sends a snapshot to all watchers.
  void publish(RoutingSnapshot snapshot) {
    routing = snapshot;
    watchers.forEach(watcher -> watcher.onNext(snapshot));
  }

  @Override
  public void partitionSearch(
      PartitionSearchRequest request, StreamObserver<PartitionSearchResponse> responses) {
    asked.add(request);
    answer(responses, answer(request));
  }

  @Override
  public void findCopies(FindCopiesRequest request, StreamObserver<FindCopiesResponse> responses) {
    askedForCopies.add(request);
    FindCopiesResponse.Builder response = FindCopiesResponse.newBuilder();
    for (int partition : request.getPartitionsList()) {
      if (hosted.contains(partition)) {
        response
            .addFound(FoundCopy.newBuilder().setImageId(name + partition))
            .setLeftOut(response.getLeftOut() + 1);
      } else {
        response.addNotActive(partition);
      }
    }
    answer(responses, response.build());
  }

  @Override
  public void getImage(
      GetPlacedImageRequest request, StreamObserver<GetPlacedImageResponse> responses) {
    answer(
        responses,
        knowsImages
            ? GetPlacedImageResponse.newBuilder()
                .setImage(
                    PlacedImage.newBuilder()
                        .setCode(ImageCode.newBuilder().setContentType(name).build()))
                .setStandby(standby)
                .setLag(standby ? 3 : 0)
                .build()
            : null);
  }

  @Override
  public void watchRouting(WatchRoutingRequest request, StreamObserver<RoutingSnapshot> watcher) {
    watchers.add(watcher);
    watcher.onNext(routing);
    if (stopping) {
      watcher.onCompleted();
    }
  }

  private PartitionSearchResponse answer(PartitionSearchRequest request) {
    Set<Integer> here = new TreeSet<>(request.getPartitionsList());
    here.retainAll(hosted);
    Set<Integer> elsewhere = new TreeSet<>(request.getPartitionsList());
    elsewhere.removeAll(hosted);
    PartitionSearchResponse.Builder response =
        PartitionSearchResponse.newBuilder().setComplete(!cutOff).addAllNotHosted(elsewhere);
    for (int partition : here) {
      response.addHits(
          SearchHit.newBuilder().setImageId(name + partition).setCodeDistance(partition));
      if (standby) {
        response.addStandby(StandbyAnswer.newBuilder().setPartition(partition).setLag(3));
      }
    }
    return response.build();
  }

  private <T> void answer(StreamObserver<T> responses, @Nullable T answer) {
    var _ =
        timer.schedule(
            () -> {
              if (failing) {
                responses.onError(Status.UNAVAILABLE.asRuntimeException());
              } else if (refusing) {
                responses.onError(
                    Status.INVALID_ARGUMENT
                        .withDescription("filter: key 'colour'")
                        .asRuntimeException());
              } else if (answer == null) {
                responses.onError(Status.NOT_FOUND.asRuntimeException());
              } else {
                responses.onNext(answer);
                responses.onCompleted();
              }
            },
            delay.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    close(this);
  }
}
