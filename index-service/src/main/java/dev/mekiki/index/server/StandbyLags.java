package dev.mekiki.index.server;

import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.kafka.streams.LagInfo;

/// How far the stores open on this instance are behind their topics, as last looked up. Looking it
/// up asks the brokers, so it is done now and then and not for each search. Thread-safe.
public final class StandbyLags {
  private volatile Map<Integer, Long> lags = Map.of();

  /// Takes the lags of one store's partitions.
  public void update(Map<Integer, LagInfo> looked) {
    lags =
        looked.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> e.getValue().offsetLag()));
  }

  /// Records that the partition's store had not read; empty while that is not known.
  OptionalLong of(int partition) {
    Long lag = lags.get(partition);
    return lag == null ? OptionalLong.empty() : OptionalLong.of(lag);
  }
}
