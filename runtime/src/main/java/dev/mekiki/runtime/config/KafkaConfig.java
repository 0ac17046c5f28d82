package dev.mekiki.runtime.config;

import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// `mekiki.kafka.*`: how to reach Kafka.
public interface KafkaConfig {
  /// host:port of one or more brokers, separated by commas.
  @WithDefault("localhost:9092")
  String bootstrapServers();

  /// How long a service that starts tries to reach a broker before it ends.
  @WithConverter(Converters.Time.class)
  @WithDefault("60s")
  Duration startTimeout();

  /// `mekiki.kafka.client.<setting>`: passed to every Kafka client as it is, for SASL and TLS.
  /// Settings that Mekiki's guarantees rest on are not overridden by it.
  Map<String, String> client();

  /// Properties file with more such settings, under Kafka's own names, as Kafka's tools take it by
  /// `--command-config`: for what is secret, such as `sasl.jaas.config`. What
  /// `mekiki.kafka.client.<setting>` says wins over it.
  Optional<Path> settingsFile();
}
