package dev.mekiki.index.server;

import dev.mekiki.index.placement.ActivePlacements;
import dev.mekiki.index.placement.PlacementProcessor;
import dev.mekiki.index.standby.StandbyLags;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.PlacedImage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/// Reads placement's store by image id. Only a store that is active and up to date can say that an
/// image is not indexed: a standby, or a store that is being restored, may lack what it will have.
/// Thread-safe.
public final class PlacedImageReader {
  private static final StoreQueryParameters<ReadOnlyKeyValueStore<String, PlacedImage>> ANY_STATE =
      StoreQueryParameters.fromNameAndType(
              PlacementProcessor.STORE, QueryableStoreTypes.<String, PlacedImage>keyValueStore())
          .enableStaleStores();

  private final KafkaStreams streams;
  private final ActivePlacements active;
  private final StandbyLags lags;
  private final int idPartitions;

  /// @param streams has the stores of standbys
  /// @param active the stores that are up to date
  /// @param lags how far the others are behind
  /// @param idPartitions number of partitions of `image-codes`
  public PlacedImageReader(
      KafkaStreams streams, ActivePlacements active, StandbyLags lags, int idPartitions) {
    this.streams = streams;
    this.active = active;
    this.lags = lags;
    this.idPartitions = idPartitions;
  }

  /// What was found.
  sealed interface Lookup {
    /// The image is indexed.
    ///
    /// @param image what placement knows of it
    /// @param standby how far the store is behind; empty where it is active
    record Known(PlacedImage image, Optional<StandbyLags.Lag> standby) implements Lookup {}

    /// The image is not indexed.
    record Unknown() implements Lookup {}

    /// The store here does not know the image, but may be behind.
    ///
    /// @param partition of `image-codes`
    /// @param lag how far the store is behind; empty while that is not known
    record Behind(int partition, Optional<StandbyLags.Lag> lag) implements Lookup {}

    /// The id's partition is not hosted here.
    ///
    /// @param partition of `image-codes`
    record NotHosted(int partition) implements Lookup {}
  }

  /// Looks an image up.
  ///
  /// @param tenant whose image it must be: one of another tenant is answered as an unknown id; null
  ///   for anybody's
  Lookup find(String id, @Nullable String tenant) {
    int partition = ImageId.partition(id.getBytes(StandardCharsets.UTF_8), idPartitions);
    return switch (active.find(partition, id)) {
      case ActivePlacements.Answer.Indexed(var image) ->
          isOf(tenant, image) ? new Lookup.Known(image, Optional.empty()) : new Lookup.Unknown();
      case ActivePlacements.Answer.NotIndexed() -> new Lookup.Unknown();
      case ActivePlacements.Answer.Uncertain() -> new Lookup.Behind(partition, Optional.empty());
      case ActivePlacements.Answer.NotActive() -> findInStandby(partition, id, tenant);
    };
  }

  private Lookup findInStandby(int partition, String id, @Nullable String tenant) {
    Optional<StandbyLags.Lag> lag = lags.of(PlacementProcessor.STORE, partition);
    try {
      @Nullable PlacedImage image = streams.store(ANY_STATE.withPartition(partition)).get(id);
      return image == null || lag.isEmpty() || !isOf(tenant, image)
          ? new Lookup.Behind(partition, lag)
          : new Lookup.Known(image, lag);
    } catch (InvalidStateStoreException e) {
      return new Lookup.NotHosted(partition);
    }
  }

  private static boolean isOf(@Nullable String tenant, PlacedImage image) {
    return tenant == null || tenant.equals(image.getCode().getTenant());
  }
}
