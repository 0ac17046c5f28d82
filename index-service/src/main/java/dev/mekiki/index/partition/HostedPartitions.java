package dev.mekiki.index.partition;

import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.standby.StandbyLags;
import dev.mekiki.index.store.StoreHost;
import dev.mekiki.index.streamsinternals.StartupCheck;
import dev.mekiki.runtime.generation.GenerationGeometry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The partitions whose stores this process has open, active and standby, for those who read them.
/// Thread-safe.
public final class HostedPartitions {
  private final SearchCombiner searches =
      new SearchCombiner(Runtime.getRuntime().availableProcessors());
  private final StandbyLags lags = new StandbyLags();
  private final StartupCheck startup = new StartupCheck();
  private final GenerationGeometry geometry;
  private final FilterableKeys filterable;
  private final StoreHost<PlacementStore> stores;

  /// @param geometry the generation served
  /// @param filterable which metadata searches may filter by
  /// @param leftOut counts defective records
  public HostedPartitions(
      GenerationGeometry geometry, FilterableKeys filterable, LeftOutRecords leftOut) {
    this.geometry = geometry;
    this.filterable = filterable;
    this.stores = new StoreHost<>(startup, lags, leftOut);
  }

  /// The store of a partition, while it is open here.
  public Optional<PlacementStore> partition(int partition) {
    return stores.partition(partition);
  }

  /// The open stores, by ascending partition.
  public List<PlacementStore> all() {
    return stores.all();
  }

  /// Images in all of them.
  public long images() {
    return all().stream().mapToLong(PlacementStore::images).sum();
  }

  /// How far the stores open here are behind, those of placement included.
  public StandbyLags lags() {
    return lags;
  }

  /// Runs {@link org.apache.kafka.streams.KafkaStreams#start}. Stores that it opens only to read
  /// their offsets build no search structure and are not published.
  public void whileStarting(Runnable start) {
    startup.whileStarting(start);
  }

  /// Builds the stores that publish themselves here, each within one that logs its puts to a
  /// changelog. They are not cached: reads must see every put.
  ///
  /// @param changelog settings of the changelog
  public StoreBuilder<KeyValueStore<Bytes, byte[]>> storeBuilder(Map<String, String> changelog) {
    return Stores.keyValueStoreBuilder(
            new PlacementStores(geometry, filterable, this), Serdes.Bytes(), Serdes.ByteArray())
        .withLoggingEnabled(changelog);
  }

  /// A store that publishes itself here and logs nothing.
  public PlacementStore store() {
    return new PlacementStore(geometry, filterable, this);
  }

  /// What the searches of all partitions go through.
  SearchCombiner searches() {
    return searches;
  }

  StoreHost<PlacementStore> stores() {
    return stores;
  }

  /// Knows the openings that Kafka Streams makes only to read offsets.
  public StartupCheck startup() {
    return startup;
  }
}
