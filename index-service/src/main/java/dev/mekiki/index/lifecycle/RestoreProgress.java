package dev.mekiki.index.lifecycle;

import dev.mekiki.index.standby.StandbyLags;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How many records active partitions have yet to restore, as `mekiki.index.restore.remaining`.
/// Thread-safe.
public final class RestoreProgress implements StateRestoreListener {
  private static final Logger log = LoggerFactory.getLogger(RestoreProgress.class);

  private final Map<TopicPartition, Long> remaining = new ConcurrentHashMap<>();
  private final StandbyLags lags;

  /// @param registry takes the gauge
  /// @param lags forgets what it knew of a store that starts to restore
  public RestoreProgress(MeterRegistry registry, StandbyLags lags) {
    this.lags = lags;
    Gauge.builder(
            "mekiki.index.restore.remaining",
            remaining,
            counts -> counts.values().stream().mapToLong(Long::longValue).sum())
        .description("Records yet to restore before every partition assigned here is served")
        .register(registry);
  }

  @Override
  public void onRestoreStart(TopicPartition topicPartition, String store, long from, long to) {
    lags.opened(store, topicPartition.partition());
    remaining.put(topicPartition, Math.max(0, to - from));
  }

  @Override
  public void onBatchRestored(
      TopicPartition topicPartition, String store, long endOffset, long restored) {
    remaining.computeIfPresent(topicPartition, (key, left) -> Math.max(0, left - restored));
  }

  @Override
  public void onRestoreEnd(TopicPartition topicPartition, String store, long totalRestored) {
    remaining.remove(topicPartition);
    log.info(
        "Store restored partition={} store={} records={}", topicPartition, store, totalRestored);
  }

  @Override
  public void onRestoreSuspended(TopicPartition topicPartition, String store, long totalRestored) {
    remaining.remove(topicPartition);
  }
}
