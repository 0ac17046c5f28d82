package dev.mekiki.index.standby;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.streams.LagInfo;

/// How far the stores open on this instance are behind their topics, as last looked up. A lookup
/// asks the brokers, so it is made now and then and not for each search. Thread-safe.
public final class StandbyLags {
  private final LongSupplier nanoTime;
  private final Map<Key, LookedUp> lags = new HashMap<>();
  private final Map<Key, Long> openedAt = new HashMap<>();
  private long lookups;

  private record Key(String store, int partition) {}

  private record LookedUp(long records, long nanoTime) {}

  /// How far a store is behind.
  ///
  /// @param records that it had not read when that was last looked up
  /// @param ageMillis how long ago it was: records written since are not counted
  public record Lag(long records, long ageMillis) {}

  public StandbyLags() {
    this(System::nanoTime);
  }

  StandbyLags(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// Looks the lags up anew.
  ///
  /// @param lookup asks Kafka Streams; by store, then by partition
  public void refresh(Supplier<Map<String, Map<Integer, LagInfo>>> lookup) {
    long started;
    long now = nanoTime.getAsLong();
    synchronized (this) {
      started = ++lookups;
    }
    Map<String, Map<Integer, LagInfo>> found = lookup.get();
    synchronized (this) {
      lags.clear();
      found.forEach((store, partitions) ->
          partitions.forEach((partition, lag) -> {
            Key key = new Key(store, partition);
            // A store opened since is another one, which may be empty.
            if (openedAt.getOrDefault(key, 0L) < started) {
              lags.put(key, new LookedUp(lag.offsetLag(), now));
            }
          }));
    }
  }

  /// Forgets what was known of a store that has just been opened: it may have lost what the one
  /// before it had read.
  public synchronized void opened(String store, int partition) {
    Key key = new Key(store, partition);
    lags.remove(key);
    openedAt.put(key, lookups);
  }

  /// How far a store is behind; empty while that is not known.
  public synchronized Optional<Lag> of(String store, int partition) {
    return Optional.ofNullable(lags.get(new Key(store, partition)))
        .map(lag ->
            new Lag(
                lag.records(),
                TimeUnit.NANOSECONDS.toMillis(Math.max(0, nanoTime.getAsLong() - lag.nanoTime()))));
  }
}
