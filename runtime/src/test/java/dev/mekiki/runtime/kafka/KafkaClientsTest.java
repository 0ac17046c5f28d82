package dev.mekiki.runtime.kafka;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
        .containsEntry("enable.idempotence", true)
        .containsEntry("max.in.flight.requests.per.connection", 1);
  }

  @Test
  void settingsOfAFilePassThroughAndThoseOfKeysWinOverThem(@TempDir Path directory)
      throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("client.properties"),
            """
            security.protocol=SASL_SSL
            sasl.mechanism=PLAIN
            sasl.jaas.config=org.example.Login required \\
              password="s3cret";
            acks=0
            """);
    KafkaClients clients =
        TestClients.of(
            Map.of(
                "mekiki.kafka.settings-file",
                file.toString(),
                "mekiki.kafka.client.sasl.mechanism",
                "SCRAM-SHA-512"));

    assertThat(clients.producer())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
        .containsEntry("sasl.jaas.config", "org.example.Login required password=\"s3cret\";")
        .containsEntry("acks", "all");
  }

  @Test
  void fileThatCannotBeReadIsNamed(@TempDir Path directory) throws IOException {
    Path absent = directory.resolve("absent");
    Path latin1 = Files.write(directory.resolve("latin1"), new byte[] {'a', '=', (byte) 0xE9});
    Path escape = Files.writeString(directory.resolve("escape"), "a=\\u00\n");

    assertRefused(absent, "there is no such file");
    assertRefused(directory, "cannot be read");
    assertRefused(latin1, "not UTF-8");
    assertRefused(escape, "cannot be read");
  }

  @Test
  void fileOfMekikisKeysIsRefusedWithoutShowingTheirValues(@TempDir Path directory)
      throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("mekiki.properties"), "mekiki.kafka.client.sasl.jaas.config=s3cret");

    assertRefused(file, "holds mekiki.kafka.client.sasl.jaas.config");
  }

  private static void assertRefused(Path file, String reason) {
    assertThatThrownBy(() -> TestClients.of(Map.of("mekiki.kafka.settings-file", file.toString())))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("mekiki.kafka.settings-file: '" + file + "'")
        .hasMessageContaining(reason)
        .extracting(Throwable::getMessage, as(InstanceOfAssertFactories.STRING))
        .doesNotContain("s3cret");
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
