package dev.mekiki.benchmarks.open;

import dev.mekiki.index.rocksdb.SharedRocksDbMemory;
import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.CommitCallback;
import org.apache.kafka.streams.processor.StateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;
import org.apache.kafka.streams.processor.internals.metrics.StreamsMetricsImpl;
import org.jspecify.annotations.Nullable;

/// What a task of Kafka Streams passes to its store, so that the store alone can be timed.
final class StoreContext implements StateStoreContext {
  private static final String APPLICATION = "bench";
  private static final int PARTITION = 0;

  private final File directory;
  private final StreamsMetricsImpl metrics;
  private final Map<String, Object> configs;
  private @Nullable RecordBatchingStateRestoreCallback restore;

  @SuppressWarnings("unchecked") // StreamsConfig gives raw values.
  StoreContext(Path directory) {
    this.directory = directory.toFile();
    metrics = new StreamsMetricsImpl(new Metrics(), APPLICATION, Time.SYSTEM);
    configs =
        (Map<String, Object>)
            new StreamsConfig(
                    Map.of(
                        StreamsConfig.APPLICATION_ID_CONFIG,
                        APPLICATION,
                        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                        "none:0",
                        StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG,
                        SharedRocksDbMemory.class))
                .values();
  }

  /// What restores a batch of records, once the store has opened.
  RecordBatchingStateRestoreCallback restore() {
    RecordBatchingStateRestoreCallback registered = restore;
    if (registered == null) {
      throw new IllegalStateException("the store registered nothing that restores batches");
    }
    return registered;
  }

  @Override
  public void register(StateStore store, StateRestoreCallback callback) {
    register(store, callback, () -> {});
  }

  @Override
  public void register(StateStore store, StateRestoreCallback callback, CommitCallback commit) {
    restore = callback instanceof RecordBatchingStateRestoreCallback batching ? batching : null;
  }

  @Override
  public String applicationId() {
    return APPLICATION;
  }

  @Override
  public TaskId taskId() {
    return new TaskId(1, PARTITION);
  }

  @Override
  public Optional<RecordMetadata> recordMetadata() {
    return Optional.empty();
  }

  @Override
  public Serde<?> keySerde() {
    throw new UnsupportedOperationException("the store has serdes of its own");
  }

  @Override
  public Serde<?> valueSerde() {
    throw new UnsupportedOperationException("the store has serdes of its own");
  }

  @Override
  public File stateDir() {
    return directory;
  }

  @Override
  public StreamsMetrics metrics() {
    return metrics;
  }

  @Override
  public Map<String, Object> appConfigs() {
    return configs;
  }

  @Override
  public Map<String, Object> appConfigsWithPrefix(String prefix) {
    return Map.of();
  }
}
