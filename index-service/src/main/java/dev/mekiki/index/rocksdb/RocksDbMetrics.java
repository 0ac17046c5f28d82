package dev.mekiki.index.rocksdb;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.streams.KafkaStreams;

/// What RocksDB takes of this process's memory, as `mekiki.index.rocksdb.bytes` by kind: `cache`
/// for all that counts against the configured size, write buffers included, and of it `pinned`,
/// which cannot be pushed out, and `write-buffers`.
public final class RocksDbMetrics {
  private static final String WRITE_BUFFERS = "size-all-mem-tables";

  private RocksDbMetrics() {}

  /// Registers the gauges.
  ///
  /// @param streams whose stores have the write buffers
  public static void register(MeterRegistry registry, KafkaStreams streams) {
    gauge(registry, streams, "cache", _ -> SharedRocksDbMemory.cachedBytes());
    gauge(registry, streams, "pinned", _ -> SharedRocksDbMemory.pinnedBytes());
    gauge(registry, streams, "write-buffers", RocksDbMetrics::writeBufferBytes);
  }

  private static void gauge(
      MeterRegistry registry,
      KafkaStreams streams,
      String kind,
      ToDoubleFunction<KafkaStreams> bytes) {
    Gauge.builder("mekiki.index.rocksdb.bytes", streams, bytes)
        .description("Memory that RocksDB takes in this process, by kind")
        .tag("kind", kind)
        .register(registry);
  }

  /// The manager of the write buffers does not report it; Kafka Streams asks each store.
  private static double writeBufferBytes(KafkaStreams streams) {
    return streams.metrics().values().stream()
        .filter(metric -> metric.metricName().name().equals(WRITE_BUFFERS))
        .map(metric -> metric.metricValue())
        .mapToDouble(bytes -> bytes instanceof Number number ? number.doubleValue() : 0)
        .sum();
  }
}
