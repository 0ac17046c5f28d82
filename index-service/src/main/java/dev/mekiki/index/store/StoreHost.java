package dev.mekiki.index.store;

import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.standby.StandbyLags;
import dev.mekiki.index.streamsinternals.StartupCheck;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// The stores of one kind that this process has open, active and standby, by partition.
/// Thread-safe.
///
/// @param <S> the kind
public final class StoreHost<S extends IndexedStore<?>> {
  private final Map<Integer, S> stores = new ConcurrentSkipListMap<>();
  private final Set<Integer> damaged = ConcurrentHashMap.newKeySet();
  private final StartupCheck startup;
  private final StandbyLags lags;
  private final LeftOutRecords leftOut;

  /// @param startup knows the openings that Kafka Streams makes only to read offsets
  /// @param lags of the stores
  /// @param leftOut counts defective records
  public StoreHost(StartupCheck startup, StandbyLags lags, LeftOutRecords leftOut) {
    this.startup = startup;
    this.lags = lags;
    this.leftOut = leftOut;
  }

  /// The store of a partition, while it is open here.
  public Optional<S> partition(int partition) {
    return Optional.ofNullable(stores.get(partition));
  }

  /// The open stores, by ascending partition.
  public List<S> all() {
    return List.copyOf(stores.values());
  }

  LeftOutRecords leftOut() {
    return leftOut;
  }

  /// True while Kafka Streams opens a store only to read its offsets: it then builds no search
  /// structure and is not published.
  boolean isStartupCheck() {
    return startup.isRunning();
  }

  /// Notes that a partition's files hold a value that cannot be read; false where that happened in
  /// this process before.
  boolean isFirstDamage(int partition) {
    return damaged.add(partition);
  }

  public void publish(String name, int partition, S store) {
    lags.opened(name, partition);
    stores.put(partition, store);
  }

  public void withdraw(int partition, S store) {
    stores.remove(partition, store);
  }
}
