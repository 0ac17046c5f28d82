package dev.mekiki.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaClientsTest {
  private static final KafkaClients CLIENTS =
      TestClients.of(
          Map.of(
              "mekiki.kafka.bootstrap-servers", "kafka-1:9093",
              "mekiki.kafka.client.security.protocol", "SASL_SSL",
              "mekiki.kafka.client.\"sasl.mechanism\"", "SCRAM-SHA-512",
              "mekiki.kafka.client.sasl.jaas.config", "login",
              "mekiki.kafka.client.acks", "0",
              "mekiki.kafka.client.enable.idempotence", "false",
              "mekiki.kafka.client.isolation.level", "read_uncommitted",
              "mekiki.kafka.client.bootstrap.servers", "elsewhere:1"));

  @ParameterizedTest
  @MethodSource("everyKind")
  void whatPassesThroughReachesEveryKindOfClient(Map<String, Object> properties) {
    assertThat(properties)
        .containsEntry("bootstrap.servers", "kafka-1:9093")
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
        .containsEntry("sasl.jaas.config", "login");
  }

  @Test
  void whatGuaranteesRestOnIsNotOverridden() {
    assertThat(CLIENTS.consumer("group")).containsEntry("isolation.level", "read_committed");
    assertThat(CLIENTS.transactionalProducer("id"))
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true);
  }

  static Stream<Map<String, Object>> everyKind() {
    return Stream.of(
        CLIENTS.common(),
        CLIENTS.admin(),
        CLIENTS.consumer(),
        CLIENTS.consumer("group"),
        CLIENTS.producer(),
        CLIENTS.transactionalProducer("id"));
  }
}
