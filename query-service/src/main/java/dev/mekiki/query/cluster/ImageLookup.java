package dev.mekiki.query.cluster;

import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.GetPlacedImageRequest;
import dev.mekiki.schemas.v1.GetPlacedImageResponse;
import dev.mekiki.schemas.v1.ImageStandby;
import dev.mekiki.schemas.v1.PlacedImage;
import io.grpc.Status;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Looks up images by id at the instances that place them: the active one first, a standby when
/// that fails or takes longer than the hedge delay. Thread-safe; a call blocks.
public final class ImageLookup {
  /// While a partition moves to another instance, which takes seconds, nobody can say.
  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final String TOO_SLOW = "did not answer in time";

  private final IndexClients clients;
  private final Duration hedgeDelay;

  public ImageLookup(IndexClients clients, Duration hedgeDelay) {
    this.clients = clients;
    this.hedgeDelay = hedgeDelay;
  }

  /// What came of a lookup.
  public sealed interface Lookup {
    /// The image is indexed.
    ///
    /// @param image what placement knows of it
    /// @param standby how far the standby which answered is behind; empty where the active instance
    ///   answered
    record Found(PlacedImage image, Optional<ImageStandby> standby) implements Lookup {}

    /// The image is not indexed: the active instance of the id's partition says so.
    record Unknown() implements Lookup {}

    /// No instance that could know gave an answer.
    ///
    /// @param reason what each instance asked did: unreachable, too slow, or not up to date
    record NoAnswer(String reason) implements Lookup {}
  }

  /// Looks up one image, again and again until somebody knows or the deadline has passed.
  ///
  /// @param view the cluster as it is now, instances of the active generation alone
  /// @param tenant whose image it must be: one of another tenant is unknown; null for anybody's
  /// @throws InterruptedException where the calling thread is interrupted
  public Lookup find(
      Supplier<ClusterView> view, ImageId id, @Nullable String tenant, Deadline deadline)
      throws InterruptedException {
    while (true) {
      Lookup found = findOnce(view.get(), id, tenant, deadline);
      if (!(found instanceof Lookup.NoAnswer) || deadline.leftMillis() <= PAUSE.toMillis()) {
        return found;
      }
      Thread.sleep(PAUSE);
    }
  }

  private Lookup findOnce(ClusterView view, ImageId id, @Nullable String tenant, Deadline deadline)
      throws InterruptedException {
    OptionalInt idPartitions = view.idPartitions();
    if (idPartitions.isEmpty()) {
      return new Lookup.NoAnswer("no index instance is known");
    }
    int partition = id.partition(idPartitions.getAsInt());
    List<String> hosts = view.idHosts(partition);
    if (hosts.isEmpty()) {
      return new Lookup.NoAnswer("no index instance hosts id partition " + partition);
    }
    GetPlacedImageRequest.Builder builder =
        GetPlacedImageRequest.newBuilder().setImageId(id.value());
    if (tenant != null) {
      builder.setTenant(tenant);
    }
    GetPlacedImageRequest request = builder.build();
    BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    Map<String, String> failures = new LinkedHashMap<>();
    int asked = 0;
    while (!deadline.hasPassed() && (asked < hosts.size() || failures.size() < asked)) {
      if (asked < hosts.size()) {
        ask(hosts.get(asked++), request, deadline, outcomes);
      }
      long patience = asked < hosts.size() ? hedgeDelay.toMillis() : deadline.leftMillis();
      Outcome outcome =
          outcomes.poll(Math.min(patience, deadline.leftMillis()), TimeUnit.MILLISECONDS);
      if (outcome == null) {
        continue;
      }
      if (outcome.response() != null) {
        return found(outcome.response());
      }
      boolean active = view.isActiveForIds(outcome.host(), partition);
      if (outcome.status().getCode() == Status.Code.NOT_FOUND && active) {
        return new Lookup.Unknown();
      }
      failures.put(outcome.host(), failure(outcome.status()));
    }
    return new Lookup.NoAnswer(reason(partition, hosts.subList(0, asked), failures));
  }

  private static Lookup found(GetPlacedImageResponse response) {
    return new Lookup.Found(
        response.getImage(),
        response.getStandby()
            ? Optional.of(
                ImageStandby.newBuilder()
                    .setLag(response.getLag())
                    .setLagAgeMillis(response.getLagAgeMillis())
                    .build())
            : Optional.empty());
  }

  private static String failure(Status status) {
    return switch (status.getCode()) {
      case DEADLINE_EXCEEDED -> TOO_SLOW;
      case NOT_FOUND -> "does not know the id, but is not known as active";
      case FAILED_PRECONDITION -> "does not host it any more";
      case UNAVAILABLE ->
          // An instance that answers says why; a connection that fails has a cause instead.
          status.getDescription() == null || status.getCause() != null
              ? "cannot be reached"
              : "cannot say: " + status.getDescription();
      default -> "failed with " + status.getCode();
    };
  }

  private static String reason(int partition, List<String> asked, Map<String, String> failures) {
    return "id partition %d: %s"
        .formatted(
            partition,
            asked.stream()
                .map(host -> host + " " + failures.getOrDefault(host, TOO_SLOW))
                .collect(Collectors.joining("; ")));
  }

  private record Outcome(String host, @Nullable GetPlacedImageResponse response, Status status) {}

  private void ask(
      String host,
      GetPlacedImageRequest request,
      Deadline deadline,
      BlockingQueue<Outcome> outcomes) {
    CompletableFuture<GetPlacedImageResponse> call =
        Calls.future(
            clients
                .calls(host)
                .withDeadlineAfter(deadline.leftMillis(), TimeUnit.MILLISECONDS)
                .getImage(request));
    var _ =
        call.handle((response, cause) ->
            outcomes.add(
                new Outcome(
                    host, response, cause == null ? Status.OK : Status.fromThrowable(cause))));
  }
}
