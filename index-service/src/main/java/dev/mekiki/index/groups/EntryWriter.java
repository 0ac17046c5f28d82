package dev.mekiki.index.groups;

import com.google.protobuf.MessageLite;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/// Reads and writes entries of the store of groups. Owned by one stream thread.
final class EntryWriter extends EntryReader {
  /// The value of an entry whose key says all.
  private static final byte[] NOTHING = {1};

  private final KeyValueStore<Bytes, byte[]> store;

  EntryWriter(KeyValueStore<Bytes, byte[]> store, Function<Exception, RuntimeException> damaged) {
    super(store, damaged);
    this.store = store;
  }

  void put(GroupKeys key, MessageLite value) {
    put(key, value.toByteArray());
  }

  void put(GroupKeys key, byte[] value) {
    // A message whose fields all have their defaults has no bytes.
    store.put(Bytes.wrap(key.bytes()), value);
  }

  void put(GroupKeys key) {
    store.put(Bytes.wrap(key.bytes()), NOTHING);
  }

  /// Removes an entry that is there.
  void remove(GroupKeys key) {
    store.put(Bytes.wrap(key.bytes()), null);
  }

  /// Removes an entry if it is there: a tombstone for what is not would cost a record.
  void removeIfThere(GroupKeys key) {
    if (has(key)) {
      remove(key);
    }
  }
}
