package dev.mekiki.index.lifecycle;

import dev.mekiki.index.topology.IndexNames;
import dev.mekiki.runtime.generation.GenerationGeometry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/// How many records this instance has yet to process, as `mekiki.index.lag` by topic, from what its
/// consumers know.
public final class ConsumerLag {
  private ConsumerLag() {}

  /// Adds a gauge for each input topic.
  ///
  /// @param copies whether copies are looked for
  /// @param groups whether groups are kept
  public static void register(
      MeterRegistry registry,
      KafkaStreams streams,
      IndexNames names,
      GenerationGeometry geometry,
      boolean copies,
      boolean groups) {
    register(registry, streams, "image-codes", names.topics().imageCodes(geometry.network()));
    register(registry, streams, "code-placements", names.codePlacements());
    register(registry, streams, "probes", names.probes());
    if (copies) {
      register(
          registry, streams, "image-landmarks", names.topics().imageLandmarks(geometry.network()));
      register(registry, streams, "landmark-probes", names.landmarkProbes());
    }
    if (groups) {
      register(registry, streams, "matches", names.topics().matches());
      register(registry, streams, "group-messages", names.groupMessages());
    }
  }

  private static void register(
      MeterRegistry registry, KafkaStreams streams, String tag, String topic) {
    Gauge.builder("mekiki.index.lag", streams, running -> lag(running, topic))
        .description("Records assigned to this instance and not processed yet")
        .tag("topic", tag)
        .register(registry);
  }

  private static double lag(KafkaStreams streams, String topic) {
    return streams.metrics().values().stream()
        .filter(metric -> isLag(metric.metricName(), topic))
        .mapToDouble(ConsumerLag::value)
        .filter(Double::isFinite)
        .sum();
  }

  /// What restore consumers lag is restore progress.
  private static boolean isLag(MetricName name, String topic) {
    String client = name.tags().getOrDefault("client-id", "");
    // Consumers write dots in topic names as underscores in older metrics, as dots in newer ones.
    String read = name.tags().getOrDefault("topic", "");
    return name.name().equals("records-lag")
        && !client.endsWith("restore-consumer")
        && (read.equals(topic) || read.equals(topic.replace('.', '_')));
  }

  private static double value(Metric metric) {
    return metric.metricValue() instanceof Number number ? number.doubleValue() : 0;
  }
}
