package dev.mekiki.index.partition;

import dev.mekiki.index.flood.FloodControl;
import dev.mekiki.index.probe.ProbeProgress;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/// What a task knows of its partition: its rows, and how far it has come with probes. Owned by one
/// stream thread.
///
/// @param logged where rows are written: it logs each to the changelog
/// @param store where they are read, and their search structure
/// @param progress with sending and processing probes
/// @param outbox probes that wait for the commit
/// @param floods which images make no events now
/// @param opening another one each time that the task is made: it goes on from the last commit
record PartitionState(
    KeyValueStore<Bytes, byte[]> logged,
    PlacementStore store,
    ProbeProgress progress,
    ProbeOutbox outbox,
    FloodControl floods,
    String opening) {
  /// Replaces or adds the row of an image.
  ///
  /// @param placement the serialized placement
  void put(String id, byte[] placement, long sequence) {
    logged.put(PlacementStore.key(id), StoredRow.bytes(placement, sequence));
  }

  /// Removes the row of an image, if there is one.
  void remove(String id) {
    Bytes key = PlacementStore.key(id);
    // A tombstone for what is not there would cost a record.
    if (store.get(key) != null) {
      logged.delete(key);
    }
  }

  Optional<StoredRow> row(String id) {
    return store.row(id);
  }

  /// Number of the partition.
  int partition() {
    return store.partition();
  }
}
