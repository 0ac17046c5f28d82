package dev.mekiki.index.standby;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StandbyUpdateListener;
import org.apache.kafka.streams.processor.TaskId;

/// Forgets what was known of a store's lag when a standby starts to read into it. Thread-safe.
///
/// @param lags what is known
public record StandbyStarts(StandbyLags lags) implements StandbyUpdateListener {
  @Override
  public void onUpdateStart(TopicPartition partition, String store, long startingOffset) {
    lags.opened(store, partition.partition());
  }

  @Override
  public void onBatchLoaded(
      TopicPartition partition,
      String store,
      TaskId task,
      long batchEndOffset,
      long batchSize,
      long currentEndOffset) {}

  @Override
  public void onUpdateSuspended(
      TopicPartition partition,
      String store,
      long storeOffset,
      long currentEndOffset,
      SuspendReason reason) {}
}
