package dev.mekiki.index.partition;

import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.runtime.generation.GenerationGeometry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/// The partitions whose stores this process has open, active and standby, for those who read them.
/// Thread-safe.
public final class HostedPartitions {
  private final Map<Integer, PlacementStore> stores = new ConcurrentSkipListMap<>();
  private final SearchCombiner searches =
      new SearchCombiner(Runtime.getRuntime().availableProcessors());
  private final GenerationGeometry geometry;
  private final FilterableKeys filterable;
  private volatile @Nullable Thread starting;

  /// @param geometry the generation served
  /// @param filterable which metadata searches may filter by
  public HostedPartitions(GenerationGeometry geometry, FilterableKeys filterable) {
    this.geometry = geometry;
    this.filterable = filterable;
  }

  /// The store of a partition, while it is open here.
  public Optional<PlacementStore> partition(int partition) {
    return Optional.ofNullable(stores.get(partition));
  }

  /// The open stores, by ascending partition.
  public List<PlacementStore> all() {
    return List.copyOf(stores.values());
  }

  /// Runs {@link org.apache.kafka.streams.KafkaStreams#start}, which opens each store found on disk
  /// once on the calling thread, to read its offsets, and closes it again before the tasks open
  /// theirs: such a store builds no search structure and is not published.
  public void whileStarting(Runnable start) {
    starting = Thread.currentThread();
    try {
      start.run();
    } finally {
      starting = null;
    }
  }

  /// Builds the stores that publish themselves here.
  public StoreBuilder<PlacementStore> storeBuilder() {
    return new PlacementStoreBuilder(geometry, filterable, this);
  }

  /// What the searches of all partitions go through.
  SearchCombiner searches() {
    return searches;
  }

  boolean isStartupCheck() {
    return Thread.currentThread() == starting;
  }

  void publish(int partition, PlacementStore store) {
    stores.put(partition, store);
  }

  void withdraw(int partition, PlacementStore store) {
    stores.remove(partition, store);
  }
}
