package dev.mekiki.index.streamsinternals;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/// Adds stores whose changelog is the topic that they are filled from, so that nothing is written
/// twice.
public final class ReadOnlyStores {
  private ReadOnlyStores() {}

  /// Adds a store, the source that fills it and the processor that keeps it and forwards.
  ///
  /// Kafka Streams types such a processor to forward nothing, though its node may have children. A
  /// second processor behind it could not see what stood in the store before.
  ///
  /// @param source name of the source node
  /// @param topic read as bytes, both keys and values
  /// @param processor name of the processor node
  /// @param <K> type of the keys forwarded
  /// @param <V> type of the values forwarded
  @SuppressWarnings({"unchecked", "rawtypes"})
  public static <K, V> void add(
      Topology topology,
      StoreBuilder<? extends StateStore> store,
      String source,
      TimestampExtractor timestamps,
      String topic,
      String processor,
      ProcessorSupplier<byte[], byte[], K, V> supplier) {
    topology.addReadOnlyStateStore(
        store,
        source,
        timestamps,
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        topic,
        processor,
        (ProcessorSupplier<byte[], byte[], Void, Void>) (ProcessorSupplier) supplier);
  }
}
