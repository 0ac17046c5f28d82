package dev.mekiki.index.store;

import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/// Records in RocksDB alone, like the persistent stores of Kafka Streams. Files that cannot be
/// opened are made anew from the changelog.
public final class PlainStore extends ForwardingStore {
  private PlainStore(String name) {
    super(Stores.persistentKeyValueStore(name).get());
  }

  /// Supplies the stores of all partitions.
  ///
  /// @param name of each
  public static KeyValueBytesStoreSupplier supplier(String name) {
    return new Supplier(name, Stores.persistentKeyValueStore(name).metricsScope());
  }

  private record Supplier(String name, String metricsScope) implements KeyValueBytesStoreSupplier {
    @Override
    public KeyValueStore<Bytes, byte[]> get() {
      return new PlainStore(name);
    }
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    open(context, context, root);
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value) {
    records.put(key, value);
  }

  @Override
  public byte @Nullable [] putIfAbsent(Bytes key, byte @Nullable [] value) {
    return records.putIfAbsent(key, value);
  }

  @Override
  public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
    records.putAll(entries);
  }

  @Override
  public byte @Nullable [] delete(Bytes key) {
    return records.delete(key);
  }

  @Override
  public void close() {
    records.close();
  }
}
