package dev.mekiki.query.api;

import dev.mekiki.query.cluster.ClusterView;
import dev.mekiki.query.cluster.Deadline;
import dev.mekiki.query.cluster.HedgedPartitions;
import dev.mekiki.query.cluster.ImageLookup;
import dev.mekiki.query.cluster.IndexClients;
import dev.mekiki.query.cluster.RoutingWatcher;
import dev.mekiki.query.encoder.Encoders;
import dev.mekiki.query.images.ImageSender;
import dev.mekiki.query.matches.MatchFeed;
import dev.mekiki.query.policy.PolicyStore;
import dev.mekiki.query.rematch.RematchOperations;
import dev.mekiki.query.thumbnails.ThumbnailReader;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.image.ImageId;
import io.grpc.Status;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Everything behind the API. Thread-safe.
///
/// @param active the active generation, null until there is one
/// @param routing who hosts what
/// @param clients calls to index instances
/// @param hedging when a standby is asked as well
/// @param encoders calls to encoder instances
/// @param placedImages lookups by id
/// @param images writes to the topic `images`
/// @param thumbnails reads the topic of thumbnails
/// @param matches reads the topic `matches`
/// @param policy what people decide
/// @param rematches jobs that apply it to what is stored
/// @param limits of time
public record Backend(
    Supplier<@Nullable GenerationGeometry> active,
    RoutingWatcher routing,
    IndexClients clients,
    HedgedPartitions.Hedging hedging,
    Encoders encoders,
    ImageLookup placedImages,
    ImageSender images,
    ThumbnailReader thumbnails,
    MatchFeed matches,
    PolicyStore policy,
    RematchOperations rematches,
    Limits limits) {

  /// How long a user waits.
  ///
  /// @param searchTimeout for the partitions, or the instance of an id, to answer
  /// @param encodeTimeout for an encoder to answer
  /// @param alignTimeout for an encoder to lay a picture over others
  /// @param sendTimeout for the broker to acknowledge
  /// @param thumbnailTimeout for the broker to give a thumbnail
  public record Limits(
      Duration searchTimeout,
      Duration encodeTimeout,
      Duration alignTimeout,
      Duration sendTimeout,
      Duration thumbnailTimeout) {}

  /// The active generation.
  ///
  /// @throws ApiException UNAVAILABLE where there is none yet
  GenerationGeometry generation() {
    GenerationGeometry generation = active.get();
    if (generation == null) {
      throw ApiException.unavailable(
          "no generation is active yet (expected: an encoder service, which announces one; start it"
              + " with `mekiki encoder`)");
    }
    return generation;
  }

  /// The instances of a generation that are known now.
  ClusterView view(GenerationGeometry generation) {
    return routing.view().of(generation.id());
  }

  /// What placement knows of an image, and from which kind of instance. Waits for one that can say.
  ///
  /// @param generation the active one
  /// @param tenant whose image it must be: one of another tenant is unknown; null for anybody's
  /// @throws ApiException NOT_FOUND for an unknown id, UNAVAILABLE where nobody who could know
  ///   answers
  ImageLookup.Lookup.Found placedImage(
      GenerationGeometry generation, ImageId id, @Nullable String tenant)
      throws InterruptedException {
    return switch (placedImages.find(
        () -> view(generation), id, tenant, Deadline.after(limits.searchTimeout()))) {
      case ImageLookup.Lookup.Found found -> found;
      case ImageLookup.Lookup.Unknown() -> throw notIndexed(id);
      case ImageLookup.Lookup.NoAnswer(String reason) ->
          throw ApiException.unavailable(
              "id: '%s' cannot be looked up now: %s".formatted(id, reason));
    };
  }

  /// NOT_FOUND for an unknown id.
  static ApiException notIndexed(ImageId id) {
    return new ApiException(
        Status.Code.NOT_FOUND,
        "id: '%s' is not indexed (expected: the id of an indexed image; one just sent takes a"
                .formatted(id)
            + " moment, one that cannot be read goes to the dead letters)");
  }
}
