package dev.mekiki.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.runtime.StartException;
import dev.mekiki.schemas.image.Retention;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
  /// A service's configuration as the real ones are written.
  @ConfigMapping(prefix = "mekiki")
  public interface SampleConfig {
    KafkaConfig kafka();

    TopicsConfig topics();

    ImageLimits images();

    GenerationConfig generation();

    ServerConfig server();

    Sample sample();

    /// The service's own group.
    interface Sample extends ListenConfig {
      @Override
      @WithDefault("127.0.0.1")
      String host();

      @Override
      @WithConverter(Converters.Port.class)
      @WithDefault("7070")
      int port();

      @WithConverter(Converters.Time.class)
      @WithDefault("20ms")
      Duration delay();
    }
  }

  @TempDir Path directory;

  @Test
  void defaults() {
    SampleConfig config = Configuration.of(SampleConfig.class, Map.of());
    assertThat(config.kafka().bootstrapServers()).isEqualTo("localhost:9092");
    assertThat(config.kafka().client()).isEmpty();
    assertThat(config.kafka().settingsFile()).isEmpty();
    assertThat(config.topics().prefix()).isEqualTo("mekiki.");
    assertThat(config.topics().partitions()).isEqualTo(8);
    assertThat(config.topics().replication()).isEqualTo((short) 1);
    assertThat(config.images().maxBytes()).isEqualTo(16 << 20);
    assertThat(config.images().maxPixels()).isEqualTo(100_000_000);
    assertThat(config.images().kept()).isEqualTo(Retention.NONE);
    assertThat(config.generation().partitions()).isEqualTo(8);
    assertThat(config.generation().reindex()).isFalse();
    assertThat(config.server().tokenFile()).isEmpty();
    assertThat(config.server().insecure()).isFalse();
    assertThat(config.server().certificateFile()).isEmpty();
    assertThat(config.server().keyFile()).isEmpty();
    assertThat(config.server().trustFile()).isEmpty();
    assertThat(config.sample().host()).isEqualTo("127.0.0.1");
    assertThat(config.sample().port()).isEqualTo(7070);
    assertThat(config.sample().delay()).isEqualTo(Duration.ofMillis(20));
  }

  @Test
  void everyKey() {
    SampleConfig config =
        Configuration.of(
            SampleConfig.class,
            Map.ofEntries(
                Map.entry("mekiki.kafka.bootstrap-servers", "a:1,b:2"),
                Map.entry("mekiki.kafka.client.security.protocol", "SASL_SSL"),
                Map.entry("mekiki.kafka.client.ssl.truststore.location", "/t"),
                Map.entry("mekiki.kafka.settings-file", "/run/kafka.properties"),
                Map.entry("mekiki.topics.prefix", "x-"),
                Map.entry("mekiki.topics.partitions", "3"),
                Map.entry("mekiki.topics.replication", "2"),
                Map.entry("mekiki.images.max-bytes", "2MiB"),
                Map.entry("mekiki.images.max-pixels", "1000"),
                Map.entry("mekiki.generation.partitions", "5"),
                Map.entry("mekiki.images.retention", "90d"),
                Map.entry("mekiki.generation.reindex", "true"),
                Map.entry("mekiki.server.token-file", "/run/token"),
                Map.entry("mekiki.server.insecure", "true"),
                Map.entry("mekiki.server.certificate-file", "/run/tls.pem"),
                Map.entry("mekiki.server.key-file", "/run/tls.key"),
                Map.entry("mekiki.server.trust-file", "/run/ca.pem"),
                Map.entry("mekiki.sample.host", "0.0.0.0"),
                Map.entry("mekiki.sample.port", "0"),
                Map.entry("mekiki.sample.delay", "1.5s")));
    assertThat(config.kafka().bootstrapServers()).isEqualTo("a:1,b:2");
    assertThat(config.kafka().client())
        .isEqualTo(Map.of("security.protocol", "SASL_SSL", "ssl.truststore.location", "/t"));
    assertThat(config.kafka().settingsFile()).contains(Path.of("/run/kafka.properties"));
    assertThat(config.topics().names().images()).isEqualTo("x-images");
    assertThat(config.topics().partitions()).isEqualTo(3);
    assertThat(config.topics().replication()).isEqualTo((short) 2);
    assertThat(config.images().maxBytes()).isEqualTo(2 << 20);
    assertThat(config.images().maxPixels()).isEqualTo(1000);
    assertThat(config.images().kept()).isEqualTo(new Retention(Duration.ofDays(90)));
    assertThat(config.generation().partitions()).isEqualTo(5);
    assertThat(config.generation().reindex()).isTrue();
    assertThat(config.server().tokenFile()).contains(Path.of("/run/token"));
    assertThat(config.server().insecure()).isTrue();
    assertThat(config.server().certificateFile()).contains(Path.of("/run/tls.pem"));
    assertThat(config.server().keyFile()).contains(Path.of("/run/tls.key"));
    assertThat(config.server().trustFile()).contains(Path.of("/run/ca.pem"));
    assertThat(config.sample().host()).isEqualTo("0.0.0.0");
    assertThat(config.sample().port()).isZero();
    assertThat(config.sample().delay()).isEqualTo(Duration.ofMillis(1500));
  }

  @ParameterizedTest
  @CsvSource({
    "mekiki.sample.port, 70000, 0..65535",
    "mekiki.sample.port, http, 0..65535",
    "mekiki.sample.delay, 20, a time such as",
    "mekiki.topics.prefix, my topics, at most 100 of",
    "mekiki.topics.partitions, 0, 1..1024",
    "mekiki.topics.replication, 33, 1..32",
    "mekiki.images.max-bytes, 16 MB, 1KiB..512MiB",
    "mekiki.images.max-bytes, 1023, 1KiB..512MiB",
    "mekiki.images.max-bytes, 513MiB, 1KiB..512MiB",
    "mekiki.images.retention, 90, 1m..36500d",
    "mekiki.images.retention, 59s, 1m..36500d",
    "mekiki.images.retention, 36501d, 1m..36500d",
    "mekiki.images.max-pixels, 0, a whole number of at least 1",
    "mekiki.generation.partitions, many, 1..1024",
  })
  void badValueNamesKeyValueAndExpectation(String key, String value, String expected) {
    assertThatThrownBy(() -> Configuration.of(SampleConfig.class, Map.of(key, value)))
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("configuration: %s: '%s' (expected: ".formatted(key, value))
        .hasMessageContaining(expected);
  }

  @Test
  void unknownKeyIsRefused() {
    assertThatThrownBy(
            () -> Configuration.of(SampleConfig.class, Map.of("mekiki.sample.prot", "1")))
        .isInstanceOf(StartException.class)
        .hasMessage("configuration: mekiki.sample.prot: unknown key in command line");
  }

  @Test
  void unknownKeyInTheEnvironmentIsRefused() {
    assertThatThrownBy(() ->
            Configuration.load(
                List.of(SampleConfig.class), Map.of(), null, Map.of("MEKIKI_SAMPLE_PROT", "1")))
        .isInstanceOf(StartException.class)
        .hasMessage("configuration: MEKIKI_SAMPLE_PROT: unknown key in environment");
  }

  @Test
  void whatIsNoKeyMayStandInTheEnvironment() {
    Map<String, String> environment =
        Map.of(
            "MEKIKI_KAFKA_CLIENT_SECURITY_PROTOCOL", "SSL",
            "MEKIKI_JAVA_OPTS", "-Xmx1g",
            "MEKIKI_SAMPLE_SERVICE_HOST", "10.0.0.1",
            "MEKIKI_SAMPLE_SERVICE_PORT_HTTP", "80",
            "MEKIKI_SAMPLE_PORT_80_TCP_ADDR", "10.0.0.1");

    Configuration configuration =
        Configuration.load(List.of(SampleConfig.class), Map.of(), null, environment);

    assertThat(configuration.get(SampleConfig.class).kafka().client())
        .containsEntry("security.protocol", "SSL");
  }

  @Test
  void keyOfAnotherProgramIsRefused() {
    assertThatThrownBy(() -> Configuration.of(SampleConfig.class, Map.of("sample.port", "1")))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("sample.port: unknown key");
  }

  @Test
  void allProblemsAreReportedAtOnce() {
    assertThatThrownBy(() ->
            Configuration.of(
                SampleConfig.class,
                Map.of(
                    "mekiki.sample.port", "-1",
                    "mekiki.images.max-bytes", "lots",
                    "mekiki.typo", "1")))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("3 problems")
        .hasMessageContaining("mekiki.sample.port: '-1'")
        .hasMessageContaining("mekiki.images.max-bytes: 'lots'")
        .hasMessageContaining("mekiki.typo: unknown key");
  }

  @Test
  void commandLineWinsOverEnvironmentOverFileOverDefault() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("mekiki.properties"),
            "mekiki.sample.port=1\nmekiki.sample.host=file\nmekiki.topics.partitions=2\n");
    Configuration configuration =
        Configuration.load(
            List.of(SampleConfig.class),
            Map.of("mekiki.sample.port", "3"),
            file,
            Map.of("MEKIKI_SAMPLE_PORT", "2", "MEKIKI_SAMPLE_HOST", "env", "MEKIKI_OTHER", "x"));
    SampleConfig config = configuration.get(SampleConfig.class);
    assertThat(config.sample().port()).isEqualTo(3);
    assertThat(config.sample().host()).isEqualTo("env");
    assertThat(config.topics().partitions()).isEqualTo(2);
    assertThat(configuration.entries())
        .contains(
            new Configuration.Entry("mekiki.sample.port", "3", "command line"),
            new Configuration.Entry("mekiki.sample.host", "env", "environment"),
            new Configuration.Entry("mekiki.topics.partitions", "2", "file " + file),
            new Configuration.Entry("mekiki.sample.delay", "20ms", "default"));
  }

  @Test
  void kafkaSettingsComeFromFileAndEnvironment() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("mekiki.properties"),
            """
            mekiki.kafka.client.security.protocol=SSL
            mekiki.kafka.client."ssl.truststore.type"=PEM
            mekiki.kafka.client.sasl.mechanism=PLAIN
            """);
    Configuration configuration =
        Configuration.load(
            List.of(SampleConfig.class),
            Map.of(),
            file,
            Map.of(
                "MEKIKI_KAFKA_CLIENT_SECURITY_PROTOCOL", "SASL_SSL",
                "MEKIKI_KAFKA_CLIENT_SASL_JAAS_CONFIG", "user and word",
                "MEKIKI_SERVER_TOKEN_FILE", "/run/token"));

    assertThat(configuration.get(SampleConfig.class).kafka().client())
        .isEqualTo(
            Map.of(
                "security.protocol", "SASL_SSL",
                "ssl.truststore.type", "PEM",
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", "user and word"));
    assertThat(configuration.get(SampleConfig.class).server().tokenFile())
        .contains(Path.of("/run/token"));
    assertThat(configuration.entries().toString())
        .contains("sasl.jaas.config", "SASL_SSL", "/run/token")
        .doesNotContain("user and word");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sasl.jaas.config",
        "\"sasl.jaas.config\"",
        "ssl.key.password",
        "ssl.keystore.password",
        "ssl.keystore.key",
        "\"ssl.keystore.key\"",
        "ssl.truststore.password",
        "sasl.oauthbearer.client.credentials.client.secret",
      })
  void secretsAreMasked(String setting) {
    String key = "mekiki.kafka.client." + setting;
    Configuration configuration =
        Configuration.load(
            List.of(SampleConfig.class), Map.of(key, "user and word"), null, Map.of());
    assertThat(configuration.entries())
        .contains(new Configuration.Entry(key, "****", "command line"));
  }

  @Test
  void theServerThatClientsAreToldInTheEnvironmentIsNoneOfItsKeys() {
    Configuration configuration =
        Configuration.load(
            List.of(SampleConfig.class),
            Map.of(),
            null,
            Map.of("MEKIKI_SERVER", "https://mekiki.example", "MEKIKI_SERVER_INSECURE", "true"));
    assertThat(configuration.get(SampleConfig.class).server().insecure()).isTrue();
  }

  /// A key that others begin with.
  @ConfigMapping(prefix = "mekiki")
  public interface SwitchConfig {
    Part part();

    interface Part {
      @WithParentName
      @WithConverter(Converters.Switch.class)
      @WithDefault("off")
      boolean isOn();

      @WithDefault("2")
      int size();
    }
  }

  @Test
  void aKeyMayStandAloneBesideThoseThatBeginWithIt() {
    Configuration configuration =
        Configuration.load(
            List.of(SwitchConfig.class),
            Map.of("mekiki.part.size", "3"),
            null,
            Map.of("MEKIKI_PART", "on", "PATH", "/bin"));
    assertThat(configuration.get(SwitchConfig.class).part().isOn()).isTrue();
    assertThat(configuration.get(SwitchConfig.class).part().size()).isEqualTo(3);
    assertThatThrownBy(() ->
            Configuration.load(
                List.of(SwitchConfig.class), Map.of(), null, Map.of("MEKIKI_PART_SIZES", "3")))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("MEKIKI_PART_SIZES: unknown key");
  }

  @Test
  void pathsOfSecretsAreShown() {
    Configuration configuration =
        Configuration.load(
            List.of(SampleConfig.class),
            Map.of("mekiki.server.token-file", "/run/token", "mekiki.server.key-file", "/run/key"),
            null,
            Map.of());
    assertThat(configuration.entries())
        .contains(
            new Configuration.Entry("mekiki.server.token-file", "/run/token", "command line"),
            new Configuration.Entry("mekiki.server.key-file", "/run/key", "command line"));
  }

  @Test
  void missingFileIsNamed() {
    Path file = directory.resolve("none.properties");
    assertThatThrownBy(
            () -> Configuration.load(List.of(SampleConfig.class), Map.of(), file, Map.of()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(file.toString());
  }
}
