package dev.mekiki.index.partition;

import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.runtime.generation.GenerationGeometry;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;

/// Makes the stores that Kafka Streams wraps.
record PlacementStores(
    GenerationGeometry geometry, FilterableKeys filterable, HostedPartitions hosted)
    implements KeyValueBytesStoreSupplier {
  @Override
  public String name() {
    return PlacementStore.NAME;
  }

  @Override
  public KeyValueStore<Bytes, byte[]> get() {
    return new PlacementStore(geometry, filterable, hosted);
  }

  @Override
  public String metricsScope() {
    return "rocksdb";
  }
}
