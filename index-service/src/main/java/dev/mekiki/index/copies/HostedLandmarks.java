package dev.mekiki.index.copies;

import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.standby.StandbyLags;
import dev.mekiki.index.store.StoreHost;
import dev.mekiki.index.streamsinternals.StartupCheck;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The partitions of landmarks whose stores this process has open. Thread-safe.
public final class HostedLandmarks {
  private final int bits;
  private final StoreHost<LandmarkStore> stores;

  /// @param bits of hash codes
  /// @param startup knows the openings that Kafka Streams makes only to read offsets
  /// @param lags of the stores
  /// @param leftOut counts defective records
  public HostedLandmarks(int bits, StartupCheck startup, StandbyLags lags, LeftOutRecords leftOut) {
    this.bits = bits;
    this.stores = new StoreHost<>(startup, lags, leftOut);
  }

  /// The stores.
  public StoreHost<LandmarkStore> stores() {
    return stores;
  }

  /// Builds the stores that publish themselves here, each within one that logs its puts to a
  /// changelog. They are not cached: look-ups must see every put.
  ///
  /// @param changelog settings of the changelog
  public StoreBuilder<KeyValueStore<Bytes, byte[]>> storeBuilder(Map<String, String> changelog) {
    return Stores.keyValueStoreBuilder(new Supplier(), Serdes.Bytes(), Serdes.ByteArray())
        .withLoggingEnabled(changelog);
  }

  /// A store that publishes itself here and logs nothing.
  LandmarkStore store() {
    return new LandmarkStore(bits, stores);
  }

  private final class Supplier implements KeyValueBytesStoreSupplier {
    @Override
    public String name() {
      return LandmarkStore.NAME;
    }

    @Override
    public KeyValueStore<Bytes, byte[]> get() {
      return store();
    }

    @Override
    public String metricsScope() {
      return "rocksdb";
    }
  }
}
