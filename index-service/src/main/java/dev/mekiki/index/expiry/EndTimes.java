package dev.mekiki.index.expiry;

import dev.mekiki.schemas.image.Retention;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// The ends of one partition's images, in the order of time, and the retention that they were
/// computed with. A key is the time, big-endian, and the image id; its value is empty. Owned by one
/// stream thread.
final class EndTimes {
  /// The retention stands under a key that is shorter than that of any end, and behind all of them.
  private static final Bytes RETENTION = Bytes.wrap(new byte[] {(byte) 0xFF});

  private static final byte[] NOTHING = {};

  /// In place of a retention that is not limited.
  private static final long UNLIMITED = -1;

  private final KeyValueStore<Bytes, byte[]> store;

  /// No end is earlier. What was removed is not read again: RocksDB steps over each removed key
  /// until it compacts them.
  private long earliest;

  /// @param store holds the ends as of the last commit
  EndTimes(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  /// An end.
  ///
  /// @param millis since 1970
  /// @param id of the image
  record End(long millis, String id) {}

  /// Adds an end; nothing where there is none.
  ///
  /// @param millis since 1970, or {@link Retention#NEVER}
  void add(long millis, String id) {
    if (millis != Retention.NEVER) {
      store.put(key(millis, id), NOTHING);
      earliest = Math.min(earliest, Math.max(0, millis));
    }
  }

  /// True if an end is there, or there is none to be.
  boolean has(long millis, String id) {
    return millis == Retention.NEVER || store.get(key(millis, id)) != null;
  }

  /// Removes an end, be it there or not.
  void remove(long millis, String id) {
    if (millis != Retention.NEVER) {
      // Unlike delete, this does not look the key up.
      store.put(key(millis, id), null);
    }
  }

  /// The first ends up to a time, at most so many.
  List<End> due(long now, int most) {
    List<End> due = new ArrayList<>();
    if (earliest > now) {
      return due;
    }
    try (KeyValueIterator<Bytes, byte[]> ends =
        store.range(Bytes.wrap(time(earliest)), Bytes.wrap(time(now + 1)))) {
      while (due.size() < most && ends.hasNext()) {
        KeyValue<Bytes, byte[]> next = ends.next();
        due.add(end(next.key.get()));
      }
    }
    earliest = due.size() < most ? now + 1 : due.getLast().millis();
    return due;
  }

  /// Notes that an end was read but not removed, nor any after it.
  void again(End end) {
    earliest = Math.min(earliest, end.millis());
  }

  /// The retention that all ends were computed with; null where some may be missing, or of another.
  @Nullable Retention builtWith() {
    byte @Nullable [] millis = store.get(RETENTION);
    if (millis == null || millis.length != Long.BYTES) {
      return null;
    }
    long known = ByteBuffer.wrap(millis).getLong();
    return known == UNLIMITED ? Retention.NONE : new Retention(Duration.ofMillis(known));
  }

  /// @param retention see {@link #builtWith}
  void builtWith(@Nullable Retention retention) {
    if (retention == null) {
      store.put(RETENTION, null);
      return;
    }
    Duration duration = retention.duration();
    store.put(RETENTION, time(duration == null ? UNLIMITED : duration.toMillis()));
  }

  private static Bytes key(long millis, String id) {
    byte[] name = id.getBytes(StandardCharsets.UTF_8);
    // What ended before 1970 is as due as what ended then; its sign would put it last.
    return Bytes.wrap(
        ByteBuffer.allocate(Long.BYTES + name.length)
            .putLong(Math.max(0, millis))
            .put(name)
            .array());
  }

  private static byte[] time(long millis) {
    return ByteBuffer.allocate(Long.BYTES).putLong(millis).array();
  }

  private static End end(byte[] key) {
    return new End(
        ByteBuffer.wrap(key).getLong(),
        new String(key, Long.BYTES, key.length - Long.BYTES, StandardCharsets.UTF_8));
  }
}
