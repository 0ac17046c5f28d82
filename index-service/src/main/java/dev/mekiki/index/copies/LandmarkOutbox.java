package dev.mekiki.index.copies;

import dev.mekiki.index.probe.OutgoingProbes;
import dev.mekiki.schemas.v1.LandmarkProbe;
import dev.mekiki.schemas.v1.LandmarkProbes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Probes that wait for the commit of the transaction in which their arrivals are stored: what one
/// partition is asked in a transaction goes into one record, or into a few. Owned by one stream
/// thread.
final class LandmarkOutbox {
  /// A record that has grown to this size is sent at once.
  private static final int RECORD_BYTES = 128 << 10;

  private final LandmarkProbes.@Nullable Builder[] waiting;
  private final int[] bytes;
  private final Consumer<OutgoingProbes> sink;

  /// @param partitions of landmarks
  /// @param sink sends a record
  LandmarkOutbox(int partitions, Consumer<OutgoingProbes> sink) {
    waiting = new LandmarkProbes.Builder[partitions];
    bytes = new int[partitions];
    this.sink = sink;
  }

  /// Adds a probe.
  ///
  /// @param partition the one asked
  void add(LandmarkProbe probe, int partition) {
    LandmarkProbes.Builder record = waiting[partition];
    if (record == null) {
      record = LandmarkProbes.newBuilder();
      waiting[partition] = record;
    }
    record.addProbes(probe);
    bytes[partition] += probe.getSerializedSize();
    if (bytes[partition] >= RECORD_BYTES) {
      send(partition, record);
    }
  }

  /// Sends all that waits.
  void send() {
    for (int partition = 0; partition < waiting.length; partition++) {
      LandmarkProbes.Builder record = waiting[partition];
      if (record != null) {
        send(partition, record);
      }
    }
  }

  private void send(int partition, LandmarkProbes.Builder record) {
    waiting[partition] = null;
    bytes[partition] = 0;
    sink.accept(new OutgoingProbes(record.build().toByteArray(), partition));
  }
}
