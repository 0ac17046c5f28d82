package dev.mekiki.index.streamsinternals;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.processor.StandbyUpdateListener;
import org.apache.kafka.streams.processor.TaskId;

/// Lets standbys of a source topic follow quietly.
///
/// A standby may read such a topic as far as its group has committed, so Kafka Streams asks for the
/// committed offsets at each commit interval. It asks for stable ones, of which there are none
/// while a transaction ends; the client then logs a warning and the standby waits. Several times a
/// second that meets a transaction that ends. A standby does not need a stable offset: an older one
/// only makes it wait for the next question. A task that becomes active does need it, since it
/// starts to process where the group has committed and must have restored all before. So the demand
/// is dropped for standbys alone.
///
/// Use one for each `KafkaStreams`, as its client supplier and as its standby listener.
/// Thread-safe.
public final class StandbyOffsets implements KafkaClientSupplier, StandbyUpdateListener {
  private final Set<TopicPartition> standbys = ConcurrentHashMap.newKeySet();
  private final BiConsumer<String, Integer> started;

  /// @param started called with store and partition when a standby starts to read
  public StandbyOffsets(BiConsumer<String, Integer> started) {
    this.started = started;
  }

  /// Must be called when a store is opened for a task: whether that task is a standby shows later.
  public void opened(int partition) {
    standbys.removeIf(standby -> standby.partition() == partition);
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return new StandbyAdmin(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return getConsumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return getConsumer(config);
  }

  @Override
  public void onUpdateStart(TopicPartition partition, String store, long startingOffset) {
    started.accept(store, partition.partition());
    standbys.add(partition);
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
      SuspendReason reason) {
    standbys.remove(partition);
  }

  private final class StandbyAdmin extends ForwardingAdmin {
    StandbyAdmin(Map<String, Object> config) {
      super(config);
    }

    /// Kafka Streams adds its metrics to those that a client sends to brokers; a forwarding client
    /// refuses them. What operators need is at `/metrics`.
    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {}

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {}

    @Override
    public ListConsumerGroupOffsetsResult listConsumerGroupOffsets(
        Map<String, ListConsumerGroupOffsetsSpec> groups, ListConsumerGroupOffsetsOptions options) {
      boolean standbysAlone =
          groups.values().stream()
              .allMatch(spec ->
                  spec.topicPartitions() != null && standbys.containsAll(spec.topicPartitions()));
      if (!options.requireStable() || !standbysAlone) {
        return super.listConsumerGroupOffsets(groups, options);
      }
      ListConsumerGroupOffsetsOptions latest = new ListConsumerGroupOffsetsOptions();
      latest.timeoutMs(options.timeoutMs());
      return super.listConsumerGroupOffsets(groups, latest);
    }
  }
}
