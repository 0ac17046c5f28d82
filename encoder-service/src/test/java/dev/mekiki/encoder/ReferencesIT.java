package dev.mekiki.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpStatus;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.encoder.reference.ImageServer;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.ImageCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images that are held elsewhere, through the whole encoder.
class ReferencesIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir static Path directory;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("broker")));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static EncoderConfig config(String prefix, Map<String, String> keys) {
    Map<String, String> all = new HashMap<>(keys);
    all.putIfAbsent("mekiki.encoder.references.allowed", "http://,file://" + directory);
    all.put("mekiki.encoder.references.private-networks", "127.0.0.0/8");
    return TestTopics.config(broker.bootstrapServers(), prefix, all);
  }

  private static ProducerRecord<byte[], byte[]> reference(
      TestTopics topics, String id, String uri) {
    ProducerRecord<byte[], byte[]> record = topics.record(id, null);
    record.headers().add("ce_dataref", uri.getBytes(UTF_8));
    return record;
  }

  @Test
  void imageThatIsHeldElsewhereGetsTheCodeOfItsBytes() throws Exception {
    byte[] image = SampleImages.png(1);
    Path file = Files.write(directory.resolve("a.png"), image);
    EncoderConfig config = config("elsewhere", Map.of());
    try (ImageServer server =
            ImageServer.start(exchange -> {
              switch (exchange.getRequestURI().getPath()) {
                case "/a.png" -> {
                  exchange.getResponseHeaders().set("Content-Type", "text/html");
                  ImageServer.send(exchange, image);
                }
                case "/text" -> ImageServer.send(exchange, "no image".getBytes(UTF_8));
                case "/large" -> ImageServer.send(exchange, new byte[TestTopics.IMAGE_BYTES + 1]);
                default -> ImageServer.status(exchange, 404);
              }
            });
        EncoderService service = EncoderService.start(config);
        TestTopics topics = new TestTopics(config)) {
      ProducerRecord<byte[], byte[]> record =
          reference(topics, "web", server.uri("/a.png?signature=secret"));
      record.headers().add("category", "shoes".getBytes(UTF_8));
      RecordMetadata sent = topics.send(record);
      topics.send(reference(topics, "file", "file://" + file));
      topics.send(topics.record("value", image));
      ImageCode web = code(topics, service, "web");
      ImageCode value = code(topics, service, "value");
      assertThat(web.getSha256()).isEqualTo(value.getSha256());
      assertThat(web.getFingerprint()).isEqualTo(value.getFingerprint());
      assertThat(web.getSizeBytes()).isEqualTo(image.length);
      assertThat(web.getContentType()).isEqualTo("image/png");
      assertThat(web.getSource().getOffset()).isEqualTo(sent.offset());
      assertThat(web.getMetadataMap())
          .isEqualTo(Map.of("category", "shoes", "ce_dataref", server.uri("/a.png")));
      assertThat(topics.thumbnailOf(web)).isPresent();
      assertThat(code(topics, service, "file").getSha256()).isEqualTo(value.getSha256());

      assertDead(topics, server.uri("/missing?secret"), "REFERENCE_UNAVAILABLE", "answers 404");
      assertDead(topics, server.uri("/text"), "UNKNOWN_FORMAT", "image");
      assertDead(topics, server.uri("/large"), "TOO_MANY_BYTES", "65536");
      assertDead(topics, "http://[::1]/a", "REFERENCE_REFUSED", "not public");
      assertDead(topics, "file://" + directory + "/../a", "REFERENCE_REFUSED", "allowed");
      assertDead(topics, "nonsense", "REFERENCE_REFUSED", "scheme");
      // The last version that could be had stays.
      assertThat(
              topics.all(topics.names().imageCodes(service.generation().getNetwork())).stream()
                  .filter(code -> new String(code.key(), UTF_8).equals("web")))
          .hasSize(1);
      assertThat(
              WebClient.of("http://" + service.address()).blocking().get("/metrics").contentUtf8())
          .contains("mekiki_encoder_references_fetches_total{outcome=\"FETCHED\"")
          .contains("mekiki_encoder_references_attempt_seconds")
          .contains("mekiki_encoder_references_in_flight_bytes");
    }
  }

  private static void assertDead(TestTopics topics, String uri, String error, String messagePart) {
    RecordMetadata sent = topics.send(reference(topics, "web", uri));
    ConsumerRecord<byte[], byte[]> letter = topics.deadLetterOf(sent);
    assertThat(letter.value()).isNull();
    // As it was sent, so that it can be sent again.
    assertThat(TestTopics.header(letter, "ce_dataref")).isEqualTo(uri);
    assertThat(TestTopics.header(letter, "mekiki-dlq-error")).isEqualTo(error);
    assertThat(TestTopics.header(letter, "mekiki-dlq-message"))
        .contains(messagePart, "expected: ", "stays indexed")
        .doesNotContain("secret");
  }

  @Test
  void slowServerDelaysOnlyWhatComesAfterItsImagesInTheirPartition() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    EncoderConfig config =
        config(
            "slow",
            Map.of(
                "mekiki.encoder.max-in-flight", "64",
                "mekiki.encoder.references.timeout", "2m",
                "mekiki.encoder.references.at-once", "8"));
    try (ImageServer slow =
            ImageServer.start(exchange -> {
              released.await();
              ImageServer.send(exchange, SampleImages.jpeg(1));
            });
        ImageServer fast =
            ImageServer.start(exchange -> ImageServer.send(exchange, SampleImages.jpeg(2)));
        EncoderService service = EncoderService.start(config);
        TestTopics topics = new TestTopics(config)) {
      service.awaitReady(LIMIT);
      String codes = topics.names().imageCodes(service.generation().getNetwork());
      // More than may be in flight.
      for (int i = 0; i < 150; i++) {
        String id = idIn(0, i);
        topics.enqueue(
            i % 3 == 2
                ? topics.record(id, SampleImages.jpeg(i))
                : reference(topics, id, slow.uri("/" + i)));
      }
      topics.flush();
      await().atMost(LIMIT).until(() -> slow.requests().size() == 4);
      Set<String> expected = new TreeSet<>();
      for (int i = 0; i < 150; i++) {
        String id = idIn(1 + i % 3, i);
        expected.add(id);
        topics.enqueue(
            i % 10 == 0
                ? reference(topics, id, fast.uri("/" + i))
                : topics.record(id, SampleImages.jpeg(i)));
      }
      topics.flush();
      await()
          .pollInSameThread()
          .atMost(LIMIT)
          .until(() -> topics.all(codes).size() >= expected.size());
      assertThat(new TreeSet<>(TestTopics.ids(topics.all(codes)))).isEqualTo(expected);
      assertThat(slow.requests()).hasSize(4);
      // Nothing here is stuck, so nothing is to be restarted.
      assertThat(WebClient.of("http://" + service.address()).blocking().get("/livez").status())
          .isEqualTo(HttpStatus.OK);

      released.countDown();
      await().pollInSameThread().atMost(LIMIT).until(() -> topics.all(codes).size() >= 300);
      List<Integer> order = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> code : topics.all(codes)) {
        if (code.partition() == 0) {
          String id = new String(code.key(), UTF_8);
          order.add(Integer.parseInt(id.substring(0, id.indexOf('/'))));
        }
      }
      assertThat(order).hasSize(150).isSorted();
      assertThat(topics.all(topics.names().imagesDlq())).isEmpty();
    }
  }

  /// An id with this number that belongs to a partition of four.
  private static String idIn(int partition, int number) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> number + "/" + i)
        .filter(id -> new ImageId(id).partition(4) == partition)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void encoderEndsWithoutWaitingForASlowServerAndFetchesAgainWhenItStarts() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    EncoderConfig config = config("restarted", Map.of("mekiki.encoder.references.timeout", "5m"));
    try (ImageServer server =
            ImageServer.start(exchange -> {
              released.await();
              ImageServer.send(exchange, SampleImages.jpeg(1));
            });
        TestTopics topics = new TestTopics(config)) {
      EncoderService first = EncoderService.start(config);
      topics.send(reference(topics, "late", server.uri("/a")));
      await().atMost(LIMIT).until(() -> !server.requests().isEmpty());
      long start = System.nanoTime();
      first.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));

      released.countDown();
      try (EncoderService second = EncoderService.start(config)) {
        assertThat(code(topics, second, "late").getSizeBytes())
            .isEqualTo(SampleImages.jpeg(1).length);
      }
      assertThat(topics.all(topics.names().imagesDlq())).isEmpty();
    }
  }

  @Test
  void landmarksAreOfTheImageThatWasEncodedOrOfNone() throws Exception {
    EncoderConfig config = config("landmarks", Map.of("mekiki.match.copies", "on"));
    AtomicInteger changing = new AtomicInteger();
    try (ImageServer server =
            ImageServer.start(exchange -> {
              String path = exchange.getRequestURI().getPath();
              if (path.equals("/changing")) {
                ImageServer.send(exchange, SampleImages.jpeg(changing.incrementAndGet()));
              } else if (path.equals("/vanishing") && changing.incrementAndGet() > 100) {
                ImageServer.status(exchange, 404);
              } else {
                ImageServer.send(exchange, SampleImages.jpeg(7));
              }
            });
        EncoderService service = EncoderService.start(config);
        TestTopics topics = new TestTopics(config)) {
      assertLandmarks(topics, service, "steady", server.uri("/steady"), true);
      assertLandmarks(topics, service, "changing", server.uri("/changing"), false);
      changing.set(99);
      assertLandmarks(topics, service, "vanishing", server.uri("/vanishing"), false);
    }
  }

  private static void assertLandmarks(
      TestTopics topics, EncoderService service, String id, String uri, boolean found) {
    topics.send(reference(topics, id, uri));
    String landmarks = topics.names().imageLandmarks(service.generation().getNetwork());
    await()
        .pollInSameThread()
        .atMost(LIMIT)
        .until(() -> TestTopics.ids(topics.all(landmarks)).contains(id));
    assertThat(
            topics.all(landmarks).stream()
                .filter(record -> new String(record.key(), UTF_8).equals(id))
                .map(record -> record.value() != null))
        .containsExactly(found);
  }

  private static ImageCode code(TestTopics topics, EncoderService service, String id) {
    return TestTopics.code(topics.codeOf(service.generation().getNetwork(), id, 1));
  }
}
