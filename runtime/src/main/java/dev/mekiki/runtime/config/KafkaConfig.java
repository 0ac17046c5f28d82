package dev.mekiki.runtime.config;

import io.smallrye.config.WithDefault;
import java.util.Map;

/// `mekiki.kafka.*`: how to reach Kafka.
public interface KafkaConfig {
  /// host:port of one or more brokers, separated by commas.
  @WithDefault("localhost:9092")
  String bootstrapServers();

  /// `mekiki.kafka.client.<setting>`: passed to every Kafka client as it is, for SASL and TLS.
  /// Settings that Mekiki's guarantees rest on are not overridden by it.
  Map<String, String> client();
}
