package dev.mekiki.index.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.index.IndexConfig;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.kafka.KafkaClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StreamsSettingsTest {
  @ParameterizedTest
  @MethodSource("clientsOfStreams")
  void whatPassesThroughReachesEveryClientThatStreamsMakes(Map<String, Object> properties) {
    assertThat(properties)
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
        .containsEntry("sasl.jaas.config", "login")
        .containsEntry("ssl.truststore.location", "/etc/mekiki/brokers.pem");
  }

  static Stream<Map<String, Object>> clientsOfStreams() {
    IndexConfig config =
        Configuration.of(
            IndexConfig.class,
            Map.of(
                "mekiki.kafka.client.security.protocol", "SASL_SSL",
                "mekiki.kafka.client.sasl.mechanism", "SCRAM-SHA-512",
                "mekiki.kafka.client.sasl.jaas.config", "login",
                "mekiki.kafka.client.ssl.truststore.location", "/etc/mekiki/brokers.pem"));
    StreamsConfig streams =
        new StreamsConfig(
            new StreamsSettings(
                    "application",
                    "127.0.0.1:7072",
                    Path.of("state"),
                    1,
                    1,
                    Duration.ofMillis(50),
                    Duration.ofSeconds(3),
                    8 << 20,
                    (short) 1)
                .properties(new KafkaClients(config.kafka(), config.images())));
    return Stream.of(
        streams.getMainConsumerConfigs("group", "client", 0),
        streams.getRestoreConsumerConfigs("client"),
        streams.getGlobalConsumerConfigs("client"),
        streams.getProducerConfigs("client"),
        streams.getAdminConfigs("client"));
  }
}
