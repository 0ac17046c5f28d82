package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

/// The image, built and run as an operator does: one installation that is filled, loses parts, and
/// starts anew on its volumes. In this order, for starting it takes longest.
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ContainersIT {
  private static final String IMAGE = "mekiki-test:containers";
  private static final String TOKEN = "a-token-for-the-containers-test";
  private static final long IMAGE_BYTES_LIMIT = 1_200_000_000L;
  private static final int PICTURES = 200;
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<SamplePicture> sent = new ArrayList<>();
  private SampleSet photos;
  private Containers containers;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    assumeThat(DockerClientFactory.instance().isDockerAvailable())
        .as("a Docker engine that answers")
        .isTrue();
    String base = Containers.base();
    assumeThat(base)
        .as("an image to build on, named by MEKIKI_TEST_BASE_IMAGE or debian:bookworm-slim")
        .isNotEmpty();
    Containers.buildImage(base, IMAGE);
    photos = TestPictures.photos(0, 70);
    Path token = Files.writeString(directory.resolve("token"), TOKEN);
    containers = new Containers(IMAGE, token);

    long before = System.nanoTime();
    containers.startAll();
    Duration took = Duration.ofNanos(System.nanoTime() - before);
    System.out.printf("all containers healthy after %.1f s%n", took.toMillis() / 1e3);
  }

  @AfterAll
  void stop() {
    http.close();
    if (containers != null) {
      containers.close();
    }
  }

  @Test
  @Order(1)
  void theImageIsSmallAndSaysWhatItIs() throws Exception {
    DockerClient docker = DockerClientFactory.instance().client();
    InspectImageResponse image = docker.inspectImageCmd(IMAGE).exec();
    long size = Objects.requireNonNull(image.getSize());
    System.out.printf("image of %.0f MB%n", size / 1e6);

    assertThat(size).isLessThanOrEqualTo(IMAGE_BYTES_LIMIT);
    assertThat(Objects.requireNonNull(image.getConfig()).getLabels())
        .containsEntry("org.opencontainers.image.title", "Mekiki")
        .hasEntrySatisfying(
            "org.opencontainers.image.version", version -> assertThat(version).startsWith("0."));
    assertThat(containers.exec("query", "id", "-u")).isEqualTo("10001");
    assertThat(containers.exec("encoder", "find", "/tmp", "-name", "*.so"))
        .as("native libraries unpacked at run time")
        .isEmpty();
    assertThat(containers.exec("query", "ls", "/opt/mekiki/notices"))
        .as("notices in the image")
        .contains("LICENSE", "NOTICE", "THIRD-PARTY.txt");
  }

  @Test
  @Order(2)
  void matchesArriveAndSearchesFindEachPicture() throws Exception {
    send(photos.pictures().subList(0, PICTURES));
    awaitImages();
    try (MatchLog matches = new MatchLog(containers.bootstrapServers())) {
      await().atMost(LIMIT).until(() -> matches.readUntilQuiet().size() >= PICTURES / 4);
      List<Match> exact =
          matches.read().stream().filter(match -> match.getKind() == MatchKind.EXACT).toList();
      assertThat(exact)
          .hasSizeGreaterThanOrEqualTo(
              (int) sent.stream().filter(SamplePicture::isIdenticalCopy).count());
    }
    for (SamplePicture picture : sent.subList(0, 20)) {
      assertFound(picture);
    }
  }

  @Test
  @Order(3)
  void nobodyGetsAnAnswerWithoutTheToken() throws Exception {
    for (String path : List.of("/v1/status", "/metrics")) {
      assertThat(get(path, "").statusCode()).as(path).isEqualTo(401);
      assertThat(get(path, "Bearer another").statusCode()).as(path).isEqualTo(401);
      assertThat(get(path, "Bearer " + TOKEN).statusCode()).as(path).isEqualTo(200);
    }
    assertThat(get("/readyz", "").statusCode()).isEqualTo(200);
  }

  @Test
  @Order(4)
  void answersAreCompleteAgainAfterAnIndexInstanceWasKilled() throws Exception {
    containers.kill("index-2");
    long before = System.nanoTime();
    awaitImages();
    System.out.printf(
        "complete %.1f s after SIGKILL of an index instance%n", (System.nanoTime() - before) / 1e9);
    for (SamplePicture picture : sent.subList(0, 20)) {
      assertFound(picture);
    }
    containers.start("index-2");
    awaitImages();
  }

  @Test
  @Order(5)
  void workGoesOnAfterTheBrokerWasAway() throws Exception {
    containers.stop("broker");
    containers.start("broker");
    send(photos.pictures().subList(sent.size(), sent.size() + 2));
    awaitImages();
    assertFound(sent.getLast());
  }

  @Test
  @Order(6)
  void everythingIsThereAfterARestartOnTheSameVolumes() throws Exception {
    // Acknowledged by the broker, and in the works when everything stops.
    send(photos.pictures().subList(sent.size(), sent.size() + 5));
    containers.stopAll();
    containers.startAll();
    awaitImages();
    for (SamplePicture picture : sent) {
      assertFound(picture);
    }
  }

  /// As any producer does, until each picture is acknowledged.
  private void send(List<SamplePicture> pictures)
      throws IOException, InterruptedException, ExecutionException {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", containers.bootstrapServers(), "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> acknowledged = new ArrayList<>();
      for (SamplePicture picture : List.copyOf(pictures)) {
        acknowledged.add(
            producer.send(
                new ProducerRecord<>(
                    Topics.withDefaultPrefix().images(),
                    picture.id().getBytes(StandardCharsets.UTF_8),
                    photos.bytes(picture))));
        sent.add(picture);
      }
      for (Future<RecordMetadata> record : acknowledged) {
        record.get();
      }
    }
  }

  /// Until every partition is served and all that was sent is indexed.
  private void awaitImages() {
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .untilAsserted(() -> {
          HttpResponse<String> response = get("/v1/status", "Bearer " + TOKEN);
          assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
          JsonNode status = JSON.readTree(response.body());
          assertThat(status.path("missingPartitions")).isEmpty();
          assertThat(status.path("images").asInt()).isEqualTo(sent.size());
        });
  }

  private void assertFound(SamplePicture picture) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(
                    URI.create(containers.server() + "/v1/search?radius=2&requireComplete=true"))
                .header("Content-Type", "image/jpeg")
                .header("Authorization", "Bearer " + TOKEN)
                .POST(HttpRequest.BodyPublishers.ofByteArray(photos.bytes(picture)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode answer = JSON.readTree(response.body());
    assertThat(answer.path("complete").asBoolean()).isTrue();
    List<String> ids = new ArrayList<>();
    answer.path("hits").forEach(hit -> ids.add(hit.path("imageId").asText()));
    assertThat(ids).contains(picture.id());
  }

  private HttpResponse<String> get(String path, String authorization) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(containers.server() + path));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
