package dev.mekiki.index.partition;

import dev.mekiki.index.rocksdb.SharedRocksDbMemory;
import dev.mekiki.schemas.v1.Placement;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;

/// A store opened as Kafka Streams would, and the callback it restores through.
///
/// @param store open and published
/// @param restore what it registered
public record OpenStore(PlacementStore store, RecordBatchingStateRestoreCallback restore)
    implements AutoCloseable {
  /// Opens the store of a partition whose files are, or will be, in a directory.
  public static OpenStore of(HostedPartitions hosted, int partition, Path directory) {
    Properties properties = new Properties();
    properties.put(
        StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedRocksDbMemory.class.getName());
    CapturingContext context =
        new CapturingContext(
            new MockProcessorContext<Void, Void>(
                    properties, new TaskId(1, partition), directory.toFile())
                .getStateStoreContext());
    PlacementStore store = hosted.store();
    store.init(context, store);
    return new OpenStore(store, context.restore());
  }

  /// Restores a batch of placements by id.
  public void restore(Map<String, Placement> placements) {
    List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>(placements.size());
    placements.forEach((id, placement) ->
        batch.add(
            new ConsumerRecord<>(
                "placements",
                store.partition(),
                batch.size(),
                id.getBytes(StandardCharsets.UTF_8),
                StoredRow.bytes(placement.toByteArray(), batch.size() + 1L))));
    restore.restoreBatch(batch);
  }

  /// Makes the store one that is up to date.
  public void activate() {
    store.activate();
  }

  @Override
  public void close() {
    store.close();
  }
}
