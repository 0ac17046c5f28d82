package dev.mekiki.index.server;

import dev.mekiki.index.groups.GroupProcessor;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/// The stores of contents that are active on this instance. Stateless.
public final class ActiveGroups {
  private ActiveGroups() {}

  /// The store of a partition; empty where it is not active here, or not restored yet.
  public static Optional<ReadOnlyKeyValueStore<Bytes, byte[]>> store(
      KafkaStreams streams, int partition) {
    try {
      return Optional.of(
          streams.store(
              StoreQueryParameters.fromNameAndType(
                      GroupProcessor.STORE, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                  .withPartition(partition)));
    } catch (InvalidStateStoreException e) {
      return Optional.empty();
    }
  }
}
