package dev.mekiki.index.groups;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.index.record.DefectiveRecordException;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/// Reads entries of the store of groups. As thread-safe as the store.
class EntryReader {
  private final ReadOnlyKeyValueStore<Bytes, byte[]> store;
  private final Function<Exception, RuntimeException> damaged;

  /// @param store where entries lie
  /// @param damaged what to throw for an entry that cannot be read
  EntryReader(
      ReadOnlyKeyValueStore<Bytes, byte[]> store, Function<Exception, RuntimeException> damaged) {
    this.store = store;
    this.damaged = damaged;
  }

  /// Reads a value.
  interface ValueParser<T> {
    T parse(byte[] value) throws InvalidProtocolBufferException, DefectiveRecordException;
  }

  /// Reads an entry.
  interface EntryParser<T> {
    T parse(byte[] key, byte[] value)
        throws InvalidProtocolBufferException, DefectiveRecordException;
  }

  /// The value of a key; null where there is none.
  <T> @Nullable T get(GroupKeys key, ValueParser<T> parser) {
    byte @Nullable [] value = store.get(Bytes.wrap(key.bytes()));
    return value == null ? null : read(new byte[0], value, (_, bytes) -> parser.parse(bytes));
  }

  boolean has(GroupKeys key) {
    return store.get(Bytes.wrap(key.bytes())) != null;
  }

  /// The first entries whose keys begin in one way, in the order of their keys.
  ///
  /// @param beginning of the keys
  /// @param after begin behind this key; null: at the first
  /// @param limit most to return
  /// @param parser reads each
  <T> List<T> list(byte[] beginning, byte @Nullable [] after, int limit, EntryParser<T> parser) {
    List<T> found = new ArrayList<>();
    Bytes from = Bytes.wrap(after == null ? beginning : after);
    // To the end of the store: entries are read as they are asked for.
    try (KeyValueIterator<Bytes, byte[]> entries = store.range(from, null)) {
      while (found.size() < limit && entries.hasNext()) {
        KeyValue<Bytes, byte[]> entry = entries.next();
        byte[] key = entry.key.get();
        if (!startsWith(key, beginning)) {
          break;
        }
        if (after == null || !Arrays.equals(key, after)) {
          found.add(read(key, entry.value, parser));
        }
      }
    }
    return found;
  }

  private static boolean startsWith(byte[] key, byte[] beginning) {
    return key.length >= beginning.length
        && Arrays.equals(key, 0, beginning.length, beginning, 0, beginning.length);
  }

  private <T> T read(byte[] key, byte[] value, EntryParser<T> parser) {
    try {
      return parser.parse(key, value);
    } catch (InvalidProtocolBufferException
        | DefectiveRecordException
        | IllegalArgumentException
        | BufferUnderflowException e) {
      throw damaged.apply(e);
    }
  }
}
