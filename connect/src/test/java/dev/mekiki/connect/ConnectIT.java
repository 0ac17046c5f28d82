package dev.mekiki.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.query.Pictures;
import dev.mekiki.query.WholeService;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.connect.cli.ConnectStandalone;
import org.apache.kafka.connect.runtime.Connect;
import org.apache.kafka.connect.runtime.standalone.StandaloneHerder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kafka Connect with its own connectors and the settings of docs/api.md: images are mirrored from
/// another cluster byte for byte, and what Mekiki finds ends up in a file, an event a line.
class ConnectIT {
  private static final Path PAGE =
      Path.of(Objects.requireNonNull(System.getProperty("mekiki.root"), "mekiki.root"))
          .resolve("docs/api.md");

  private static final Pattern SETTINGS =
      Pattern.compile("^```properties\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir private Path directory;

  @Test
  void imagesComeFromAnotherClusterAndMatchesGoToAFile() throws Exception {
    try (WholeService mekiki = new WholeService(directory);
        EmbeddedBroker shop =
            EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("shop")))) {
      Path file = directory.resolve("events.json");
      Map<String, String> places =
          Map.of(
              "shop:9092", shop.bootstrapServers(),
              "mekiki:9092", mekiki.bootstrapServers(),
              "/var/log/mekiki-events.json", file.toString());
      List<Map<String, String>> settings = settings(places);
      send(shop.bootstrapServers());

      Map<String, String> worker = new HashMap<>(settings.getFirst());
      worker.put("offset.storage.file.filename", directory.resolve("offsets").toString());
      worker.put("listeners", "http://127.0.0.1:0");
      worker.put("plugin.discovery", "service_load");
      Connect<StandaloneHerder> connect = new ConnectStandalone().startConnect(worker);
      try {
        for (Map<String, String> connector : settings.subList(1, settings.size())) {
          connect
              .herder()
              .putConnectorConfig(
                  connector.get("name"),
                  connector,
                  false,
                  (failure, _) -> assertThat(failure).isNull());
        }
        await().atMost(LIMIT).untilAsserted(() -> assertThat(lines(file)).isNotEmpty());
      } finally {
        connect.stop();
        connect.awaitStop();
      }
      JsonNode event = new JsonMapper().readTree(lines(file).getFirst());
      assertThat(event.path("specversion").asText()).isEqualTo("1.0");
      assertThat(event.path("type").asText()).isEqualTo("dev.mekiki.match.exact");
      JsonNode match = event.path("data");
      assertThat(
              List.of(
                  match.path("later").path("id").asText(),
                  match.path("earlier").path("id").asText()))
          .containsExactlyInAnyOrder("shop/1.jpg", "shop/2.jpg");
    }
  }

  /// The settings of the page, of the worker first.
  private static List<Map<String, String>> settings(Map<String, String> places) throws IOException {
    Matcher block = SETTINGS.matcher(Files.readString(PAGE));
    List<Map<String, String>> all =
        block.results().map(found -> parsed(found.group(1), places)).toList();
    assertThat(all).hasSize(3);
    return all;
  }

  private static Map<String, String> parsed(String text, Map<String, String> places) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    Map<String, String> settings = new HashMap<>();
    for (String name : properties.stringPropertyNames()) {
      String value = properties.getProperty(name);
      for (Map.Entry<String, String> place : places.entrySet()) {
        value = value.replace(place.getKey(), place.getValue());
      }
      settings.put(name, value);
    }
    return settings;
  }

  /// The same picture under two ids, to the cluster of the shop.
  private static void send(String bootstrap) throws Exception {
    Map<String, Object> client = Map.of("bootstrap.servers", bootstrap);
    try (Admin admin = Admin.create(client)) {
      admin.createTopics(List.of(new NewTopic("mekiki.images", 2, (short) 1))).all().get();
    }
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer())) {
      for (String id : List.of("shop/1.jpg", "shop/2.jpg")) {
        producer.send(new ProducerRecord<>("mekiki.images", id, Pictures.jpeg(70, 0.9f))).get();
      }
    }
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of();
  }
}
