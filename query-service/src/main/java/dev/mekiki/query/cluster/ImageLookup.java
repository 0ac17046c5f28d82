package dev.mekiki.query.cluster;

import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.GetPlacedImageRequest;
import dev.mekiki.schemas.v1.GetPlacedImageResponse;
import dev.mekiki.schemas.v1.PlacedImage;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Looks up images by id at the instances that place them: the active one first, a standby when
/// that fails or takes longer than the hedge delay. Thread-safe; a call blocks.
public final class ImageLookup {
  private final IndexClients clients;
  private final Duration hedgeDelay;

  public ImageLookup(IndexClients clients, Duration hedgeDelay) {
    this.clients = clients;
    this.hedgeDelay = hedgeDelay;
  }

  /// What came of a lookup.
  public sealed interface Lookup {
    /// The image is known.
    record Found(PlacedImage image) implements Lookup {}

    /// The active instance of the id's partition does not know the id.
    record Unknown() implements Lookup {}

    /// Nobody who could know answered.
    ///
    /// @param reason what was tried
    record NoAnswer(String reason) implements Lookup {}
  }

  /// Looks up one image.
  ///
  /// @param view the cluster, instances of the active generation alone
  /// @throws InterruptedException where the calling thread is interrupted
  public Lookup find(ClusterView view, ImageId id, Deadline deadline) throws InterruptedException {
    OptionalInt idPartitions = view.idPartitions();
    if (idPartitions.isEmpty()) {
      return new Lookup.NoAnswer("no index instance is known");
    }
    int partition = id.partition(idPartitions.getAsInt());
    List<String> hosts = view.idHosts(partition);
    if (hosts.isEmpty()) {
      return new Lookup.NoAnswer("no index instance hosts id partition " + partition);
    }
    GetPlacedImageRequest request =
        GetPlacedImageRequest.newBuilder().setImageId(id.value()).build();
    BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    Outcome last = null;
    int asked = 0;
    int answered = 0;
    while (!deadline.hasPassed() && (asked < hosts.size() || answered < asked)) {
      if (asked < hosts.size()) {
        ask(hosts.get(asked++), request, deadline, outcomes);
      }
      long patience = asked < hosts.size() ? hedgeDelay.toMillis() : deadline.leftMillis();
      Outcome outcome =
          outcomes.poll(Math.min(patience, deadline.leftMillis()), TimeUnit.MILLISECONDS);
      if (outcome == null) {
        continue;
      }
      answered++;
      last = outcome;
      if (outcome.response() != null) {
        return new Lookup.Found(outcome.response().getImage());
      }
      if (outcome.code() == Status.Code.NOT_FOUND
          && view.isActiveForIds(outcome.host(), partition)) {
        // A standby that does not know the id may merely be behind.
        return new Lookup.Unknown();
      }
    }
    return new Lookup.NoAnswer(
        "%s did not answer for id partition %d%s"
            .formatted(
                String.join(", ", hosts), partition, last == null ? "" : ": " + last.code()));
  }

  private record Outcome(
      String host, @Nullable GetPlacedImageResponse response, Status.Code code) {}

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
                    host,
                    response,
                    cause == null ? Status.Code.OK : Status.fromThrowable(cause).getCode())));
  }
}
