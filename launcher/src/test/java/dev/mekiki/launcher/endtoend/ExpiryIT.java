package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.client.MekikiClient;
import dev.mekiki.client.MekikiException;
import dev.mekiki.client.NotFoundException;
import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.PutImageRequest;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchRequest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Images that end by an expiry of their own, or by the retention, through the whole of Mekiki.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes a minute; run with -Dmekiki.tests.long=true")
class ExpiryIT {
  /// Within which an image that has ended must be gone.
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Duration RETENTION = Duration.ofHours(1);

  private static final Map<String, String> SETTINGS =
      Map.of(
          "mekiki.images.retention",
          "1h",
          "mekiki.match.copies",
          "on",
          "mekiki.topics.landmark-partitions",
          "2");

  @TempDir private Path data;

  @Test
  void whatHasEndedIsGoneAndStaysGoneWhateverIsRestored() throws Exception {
    byte[] picture = picture();
    try (InProcess mekiki = new InProcess(data, SETTINGS);
        MatchLog matches = new MatchLog(mekiki.bootstrapServers())) {
      MekikiClient api = mekiki.api();
      api.put("kept", picture, Map.of(), false);
      Instant end = Instant.now().plusSeconds(30);
      api.put("expires", picture, until(end));
      // As if it had been sent an hour ago.
      sendRecord(mekiki, "aged", picture, end.minus(RETENTION), null);
      sendRecord(mekiki, "sent expired", picture, Instant.now(), Instant.now().minusSeconds(1));
      awaitImages(mekiki, picture, "kept", "expires", "aged");
      assertThat(Timestamps.toMillis(api.image("expires").getExpires()))
          .isEqualTo(end.toEpochMilli());
      assertThat(thumbnail(mekiki, "expires")).isEqualTo(200);

      awaitImages(mekiki, picture, "kept");
      assertThat(Instant.now()).isAfterOrEqualTo(end);
      assertThat(thumbnail(mekiki, "expires")).isEqualTo(404);
      assertThatThrownBy(() -> api.put("never", picture, until(Instant.now())))
          .isInstanceOf(MekikiException.class)
          .hasMessageContaining("an expiry in the past");

      // Copies of it, of which one has landmarks alone in common with it.
      matches.readUntilQuiet();
      api.put("later", picture, Map.of(), false);
      api.put("later crop", cropped(picture), Map.of(), false);
      awaitPairs(matches, "kept+later", "kept+later crop", "later+later crop");
    }
    deleteAll(data.resolve("index"));
    try (InProcess mekiki = new InProcess(data, SETTINGS);
        MatchLog matches = new MatchLog(mekiki.bootstrapServers())) {
      awaitImages(mekiki, picture, "kept", "later", "later crop");
      mekiki.api().put("latest", picture, Map.of(), false);
      awaitPairs(matches, "kept+latest", "later+latest", "later crop+latest");
      assertThat(matches.readUntilQuiet())
          .noneMatch(match -> match.getLater().getId().equals("latest") && hasEnded(match));
    }
    // Another retention holds for what is stored.
    Map<String, String> shorter = new HashMap<>(SETTINGS);
    shorter.put("mekiki.images.retention", "1m");
    try (InProcess mekiki = new InProcess(data, shorter)) {
      await().atMost(LIMIT.multipliedBy(2)).until(() -> mekiki.api().status().getImages() == 0);
      awaitImages(mekiki, picture);
    }
  }

  private static boolean hasEnded(Match match) {
    return Set.of("expires", "aged", "sent expired").contains(match.getEarlier().getId());
  }

  /// Waits until the events of later images are these, as earlier+later, whatever those of others.
  private static void awaitPairs(MatchLog matches, String... expected) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(pairs(matches.readUntilQuiet())).contains(expected));
    assertThat(pairs(matches.readUntilQuiet()))
        .filteredOn(pair -> pair.contains("+late"))
        .contains(expected)
        .noneMatch(pair -> pair.startsWith("expires+") || pair.startsWith("aged+"));
  }

  private static List<String> pairs(List<Match> matches) {
    return matches.stream()
        .map(match -> match.getEarlier().getId() + "+" + match.getLater().getId())
        .toList();
  }

  /// Waits until exactly these images are found, by id and by a search.
  private static void awaitImages(InProcess mekiki, byte[] picture, String... expected) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          Set<String> known =
              Stream.of("kept", "expires", "aged", "sent expired", "never", "later", "later crop")
                  .filter(id -> isKnown(mekiki, id))
                  .collect(Collectors.toSet());
          assertThat(known).containsExactlyInAnyOrder(expected);
          assertThat(
                  mekiki
                      .api()
                      .search(
                          SearchRequest.newBuilder()
                              .setImage(ByteString.copyFrom(picture))
                              .setK(20)
                              .setRequireComplete(true)
                              .build())
                      .getHitsList())
              .extracting(SearchHit::getImageId)
              .containsExactlyInAnyOrder(expected);
        });
  }

  private static boolean isKnown(InProcess mekiki, String id) {
    try {
      var _ = mekiki.api().image(id);
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  private static int thumbnail(InProcess mekiki, String id) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(
                      URI.create("http://" + mekiki.server() + "/v1/thumbnails/" + id))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  private static void sendRecord(
      InProcess mekiki, String id, byte[] image, Instant sent, @Nullable Instant expires)
      throws InterruptedException, ExecutionException {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            new HashMap<>(Map.of("bootstrap.servers", mekiki.bootstrapServers())),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(
              Topics.withDefaultPrefix().images(),
              null,
              sent.toEpochMilli(),
              id.getBytes(StandardCharsets.UTF_8),
              image);
      if (expires != null) {
        record.headers().add("mekiki-expires", expires.toString().getBytes(StandardCharsets.UTF_8));
      }
      var _ = producer.send(record).get();
    }
  }

  private static byte[] picture() throws IOException {
    SampleSet set = TestPictures.photos(200, 1);
    for (SamplePicture picture : set.pictures()) {
      if (picture.variant().equals("original")) {
        return set.bytes(picture);
      }
    }
    throw new AssertionError("no picture");
  }

  private static byte[] cropped(byte[] picture) throws IOException {
    BufferedImage whole = ImageIO.read(new ByteArrayInputStream(picture));
    int width = whole.getWidth();
    int height = whole.getHeight();
    BufferedImage part =
        new BufferedImage(width * 3 / 4, height * 3 / 4, BufferedImage.TYPE_INT_RGB);
    var _ =
        part.createGraphics()
            .drawImage(
                whole.getSubimage(width / 8, height / 8, width * 3 / 4, height * 3 / 4),
                0,
                0,
                null);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(part, "jpg", file);
    return file.toByteArray();
  }

  private static void deleteAll(Path directory) throws IOException {
    assertThat(directory).isDirectory();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static PutImageRequest until(Instant end) {
    return PutImageRequest.newBuilder()
        .setExpires(Timestamps.fromMillis(end.toEpochMilli()))
        .build();
  }
}
