package dev.mekiki.index.server;

import dev.mekiki.index.placement.PlacementProcessor;
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

/// Reads placement's store by image id, from the active task where it is here, else from a standby.
/// Thread-safe.
public final class PlacedImageReader {
  private final KafkaStreams streams;
  private final int idPartitions;

  /// @param idPartitions number of partitions of `image-codes`
  public PlacedImageReader(KafkaStreams streams, int idPartitions) {
    this.streams = streams;
    this.idPartitions = idPartitions;
  }

  /// What was found.
  sealed interface Lookup {
    /// The image is known.
    ///
    /// @param image what is known of it
    /// @param standby true where a standby told it
    record Known(PlacedImage image, boolean standby) implements Lookup {}

    /// No image of that id is known where it would be.
    record Unknown() implements Lookup {}

    /// The id's partition is not hosted here.
    ///
    /// @param partition of `image-codes`
    record NotHosted(int partition) implements Lookup {}
  }

  /// Looks an image up.
  Lookup find(String id) {
    int partition = ImageId.partition(id.getBytes(StandardCharsets.UTF_8), idPartitions);
    return read(id, partition, false)
        .or(() -> read(id, partition, true))
        .orElseGet(() -> new Lookup.NotHosted(partition));
  }

  /// Empty where there is no such store here.
  private Optional<Lookup> read(String id, int partition, boolean standby) {
    StoreQueryParameters<ReadOnlyKeyValueStore<String, PlacedImage>> parameters =
        StoreQueryParameters.fromNameAndType(
                PlacementProcessor.STORE, QueryableStoreTypes.<String, PlacedImage>keyValueStore())
            .withPartition(partition);
    try {
      @Nullable PlacedImage image =
          streams.store(standby ? parameters.enableStaleStores() : parameters).get(id);
      return Optional.of(image == null ? new Lookup.Unknown() : new Lookup.Known(image, standby));
    } catch (InvalidStateStoreException e) {
      return Optional.empty();
    }
  }
}
