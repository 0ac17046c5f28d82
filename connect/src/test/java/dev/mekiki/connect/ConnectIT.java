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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.connect.cli.ConnectStandalone;
import org.apache.kafka.connect.runtime.Connect;
import org.apache.kafka.connect.runtime.standalone.StandaloneHerder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kafka Connect with its own connectors and the settings of docs/api.md: images are mirrored from
/// another cluster byte for byte, and what Mekiki finds ends up in a file, an event a line.
class ConnectIT {
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
      List<Map<String, String>> settings =
          PageSettings.read(places).stream()
              .filter(block -> !block.containsValue(PageSettings.OUTBOX))
              .toList();
      assertThat(settings).hasSize(4);
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
        Map<String, Map<String, String>> images = images(mekiki.bootstrapServers());
        assertThat(images.get("shop/1.jpg")).containsEntry("shelf", "7");
        assertThat(images.get("photos/a b.jpg"))
            .containsExactly(Map.entry("ce_dataref", "s3://photos/a%20b.jpg"));
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

  /// The same picture under two ids, to the cluster of the shop.
  private static void send(String bootstrap) throws Exception {
    Map<String, Object> client = Map.of("bootstrap.servers", bootstrap);
    try (Admin admin = Admin.create(client)) {
      admin
          .createTopics(
              List.of(
                  new NewTopic("mekiki.images", 2, (short) 1),
                  new NewTopic("bucket-events", 1, (short) 1)))
          .all()
          .get();
    }
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  "bucket-events",
                  S3NotificationTest.notification("s3:ObjectCreated:Put", "photos", "a+b.jpg")
                      .getBytes(StandardCharsets.UTF_8)))
          .get();
      for (String id : List.of("shop/1.jpg", "shop/2.jpg")) {
        ProducerRecord<String, byte[]> image =
            new ProducerRecord<>("mekiki.images", id, Pictures.jpeg(70, 0.9f));
        image.headers().add("shelf", "7".getBytes(StandardCharsets.UTF_8));
        producer.send(image).get();
      }
    }
  }

  /// By id, the headers of the images that have arrived, that of S3 included.
  private static Map<String, Map<String, String>> images(String bootstrap) {
    Map<String, Map<String, String>> images = new HashMap<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                "test",
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of("mekiki.images"));
      await()
          .pollInSameThread()
          .atMost(LIMIT)
          .until(() -> {
            for (ConsumerRecord<String, byte[]> image : consumer.poll(Duration.ofMillis(200))) {
              Map<String, String> headers = new HashMap<>();
              image
                  .headers()
                  .forEach(header ->
                      headers.put(
                          header.key(), new String(header.value(), StandardCharsets.UTF_8)));
              images.put(image.key(), headers);
            }
            return images.size() >= 3;
          });
    }
    return images;
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of();
  }
}
