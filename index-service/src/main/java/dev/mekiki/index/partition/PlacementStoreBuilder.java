package dev.mekiki.index.partition;

import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.runtime.generation.GenerationGeometry;
import java.util.Map;
import org.apache.kafka.streams.state.StoreBuilder;

/// Builds placement stores. They are never logged or cached: the topic they are filled from is
/// their changelog, and reads must see every put.
record PlacementStoreBuilder(
    GenerationGeometry geometry, FilterableKeys filterable, HostedPartitions hosted)
    implements StoreBuilder<PlacementStore> {
  @Override
  public PlacementStore build() {
    return new PlacementStore(geometry, filterable, hosted);
  }

  @Override
  public String name() {
    return PlacementStore.NAME;
  }

  @Override
  public StoreBuilder<PlacementStore> withCachingEnabled() {
    return this;
  }

  @Override
  public StoreBuilder<PlacementStore> withCachingDisabled() {
    return this;
  }

  @Override
  public StoreBuilder<PlacementStore> withLoggingEnabled(Map<String, String> config) {
    return this;
  }

  @Override
  public StoreBuilder<PlacementStore> withLoggingDisabled() {
    return this;
  }

  @Override
  public Map<String, String> logConfig() {
    return Map.of();
  }

  @Override
  public boolean loggingEnabled() {
    return false;
  }
}
