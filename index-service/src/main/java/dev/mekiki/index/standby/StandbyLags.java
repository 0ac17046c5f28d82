package dev.mekiki.index.standby;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.kafka.streams.LagInfo;

/// How far the stores open on this instance are behind their topics, as last looked up. A lookup
/// asks the brokers, so it is made now and then and not for each search. Thread-safe.
public final class StandbyLags {
  private final Map<Key, Long> lags = new HashMap<>();
  private final Map<Key, Long> openedAt = new HashMap<>();
  private long lookups;

  private record Key(String store, int partition) {}

  /// Looks the lags up anew.
  ///
  /// @param lookup asks Kafka Streams; by store, then by partition
  public void refresh(Supplier<Map<String, Map<Integer, LagInfo>>> lookup) {
    long started;
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
              lags.put(key, lag.offsetLag());
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

  /// Records that the store had not read; empty while that is not known.
  public synchronized OptionalLong of(String store, int partition) {
    Long lag = lags.get(new Key(store, partition));
    return lag == null ? OptionalLong.empty() : OptionalLong.of(lag);
  }
}
