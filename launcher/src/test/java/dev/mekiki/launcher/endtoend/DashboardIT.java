package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import dev.mekiki.schemas.v1.SearchRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The dashboard asks for metrics that there are.
class DashboardIT {
  private static final Pattern ASKED = Pattern.compile("\\b(?:mekiki|jvm|process)_[a-z_]+");
  private static final Pattern SHOWN = Pattern.compile("^([a-z_]+)(?:\\{| )", Pattern.MULTILINE);

  @Test
  void everyMetricOfTheDashboardExists(@TempDir Path data) throws Exception {
    int encoder = KillIT.freePort();
    int index = KillIT.freePort();
    Set<String> shown = new TreeSet<>();
    try (InProcess mekiki =
        new InProcess(
            data,
            Map.of(
                "mekiki.groups", "on",
                "mekiki.encoder.port", Integer.toString(encoder),
                "mekiki.index.port", Integer.toString(index)))) {
      SampleSet photos = TestPictures.photos(0, 1);
      SamplePicture picture = photos.pictures().getFirst();
      mekiki.api().put(picture.id(), photos.bytes(picture), Map.of(), false);
      await().atMost(Duration.ofSeconds(30)).until(() -> mekiki.api().status().getImages() == 1);
      var _ = mekiki.api().search(SearchRequest.newBuilder().setId(picture.id()).build());
      writeWhatIsRefused(mekiki.bootstrapServers());
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() ->
              Metrics.of("127.0.0.1:" + encoder).contains("references_fetches")
                  && Metrics.of("127.0.0.1:" + index).contains("records_skipped"));
      for (String address :
          List.of("127.0.0.1:" + encoder, "127.0.0.1:" + index, mekiki.server())) {
        SHOWN.matcher(Metrics.of(address)).results().forEach(name -> shown.add(name.group(1)));
      }
    }
    String dashboard =
        Files.readString(
            Path.of(
                System.getProperty("mekiki.root", ".."), "docker/grafana/dashboards/mekiki.json"));
    Set<String> asked =
        ASKED
            .matcher(dashboard)
            .results()
            .map(name -> name.group())
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(shown).containsAll(asked);
  }

  /// What some counters need before they are there: a mute that is none, and an image on a host
  /// that nobody allowed.
  private static void writeWhatIsRefused(String bootstrapServers) {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
            new StringSerializer(),
            new ByteArraySerializer())) {
      var _ = producer.send(new ProducerRecord<>("mekiki.mutes", "no mute", new byte[] {1}));
      ProducerRecord<String, byte[]> elsewhere =
          new ProducerRecord<>("mekiki.images", "elsewhere", new byte[0]);
      elsewhere
          .headers()
          .add("ce_dataref", "http://127.0.0.1/a.jpg".getBytes(StandardCharsets.UTF_8));
      var _ = producer.send(elsewhere);
    }
  }
}
