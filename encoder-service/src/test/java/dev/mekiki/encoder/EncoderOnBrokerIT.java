package dev.mekiki.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.schemas.v1.AlignRequest;
import dev.mekiki.schemas.v1.EncodeRequest;
import dev.mekiki.schemas.v1.EncodeResponse;
import dev.mekiki.schemas.v1.EncoderGrpc.EncoderBlockingStub;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.SourceCoordinate;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderOnBrokerIT {
  @TempDir static Path directory;
  private static EmbeddedBroker broker;
  private static TestTopics topics;
  private static EncoderService service;

  @BeforeAll
  static void start() throws InterruptedException {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory));
    EncoderConfig config = TestTopics.config(broker.bootstrapServers(), "shared", Map.of());
    service = EncoderService.start(config);
    topics = new TestTopics(config);
    service.awaitReady(Duration.ofSeconds(30));
  }

  @AfterAll
  static void stop() {
    service.close();
    topics.close();
    broker.close();
  }

  @Test
  void imageBecomesACodeWithEverythingThatIsKnownOfIt() {
    byte[] image = SampleImages.png(1);
    ProducerRecord<byte[], byte[]> record = topics.record("known", image);
    record.headers().add("content-type", "image/png".getBytes(UTF_8));
    record.headers().add("ce_specversion", "1.0".getBytes(UTF_8));
    record.headers().add("ce_source", "/camera/1".getBytes(UTF_8));
    record.headers().add("category", "shoes".getBytes(UTF_8));
    record.headers().add("mekiki-mute", "true".getBytes(UTF_8));
    RecordMetadata sent = topics.send(record);
    ImageCode code = TestTopics.code(codeOf("known", 1));
    assertThat(code.getHashCode().size() * 8).isEqualTo(service.generation().getBits());
    assertThat(code.getInstanceCode().size()).isEqualTo(32);
    assertThat(code.getFingerprint().size()).isEqualTo(32);
    assertThat(code.getSha256().size()).isEqualTo(32);
    assertThat(code.getWidth()).isEqualTo(48);
    assertThat(code.getHeight()).isEqualTo(48);
    assertThat(code.getThumbnail().isEmpty()).isTrue();
    ConsumerRecord<byte[], byte[]> thumbnail = topics.thumbnailOf(code).orElseThrow();
    assertThat(thumbnail.key()).isEqualTo("known".getBytes(UTF_8));
    assertThat(thumbnail.value()).startsWith(0xFF, 0xD8);
    assertThat(thumbnail.partition()).isEqualTo(sent.partition());
    assertThat(code.getSource())
        .isEqualTo(
            SourceCoordinate.newBuilder()
                .setTopic(sent.topic())
                .setPartition(sent.partition())
                .setOffset(sent.offset())
                .build());
    assertThat(code.getMetadataMap())
        .isEqualTo(Map.of("ce_specversion", "1.0", "ce_source", "/camera/1", "category", "shoes"));
    assertThat(code.getContentType()).isEqualTo("image/png");
    assertThat(code.getSizeBytes()).isEqualTo(image.length);
    assertThat(code.getMute()).isTrue();
    assertThat(code.getImageTime().getSeconds()).isEqualTo(sent.timestamp() / 1000);
    assertThat(code.getNetwork()).isEqualTo(service.generation().getNetwork());
  }

  @Test
  void emptyFile() {
    assertDeadLetter(topics.record("empty", new byte[0]), "EMPTY", "stays indexed");
  }

  @Test
  void textNamedJpg() {
    assertDeadLetter(
        topics.record("text.jpg", SampleImages.textNamedJpg()), "UNKNOWN_FORMAT", "stays indexed");
  }

  @Test
  void truncatedJpeg() {
    assertDeadLetter(
        topics.record("cut.jpg", SampleImages.truncatedJpeg()), "UNDECODABLE", "stays indexed");
  }

  @Test
  void hugePngOfFewBytes() {
    assertDeadLetter(
        topics.record("huge.png", SampleImages.hugePng()), "TOO_MANY_PIXELS", "100000000");
  }

  @Test
  void fileOverTheByteLimit() {
    assertDeadLetter(
        topics.record("large.jpg", SampleImages.jpegOfSize(TestTopics.IMAGE_BYTES + 1)),
        "TOO_MANY_BYTES",
        Integer.toString(TestTopics.IMAGE_BYTES));
  }

  @Test
  void fileAsLargeAsTheTopicTakes() {
    // Record overhead and key take less than 100 bytes.
    byte[] value = new byte[TestTopics.IMAGE_BYTES + (256 << 10) - 100];
    assertDeadLetter(topics.record("larger", value), "TOO_MANY_BYTES", "stays indexed");
  }

  @Test
  void fileOfExactlyTheLimitIsAccepted() {
    topics.send(topics.record("exact.jpg", SampleImages.jpegOfSize(TestTopics.IMAGE_BYTES)));
    assertThat(TestTopics.code(codeOf("exact.jpg", 1)).getSizeBytes())
        .isEqualTo(TestTopics.IMAGE_BYTES);
  }

  @Test
  void missingId() {
    assertDeadLetter(topics.record((byte[]) null, SampleImages.jpeg(2)), "BAD_ID", "no key");
  }

  @Test
  void emptyId() {
    assertDeadLetter(topics.record(new byte[0], SampleImages.jpeg(2)), "BAD_ID", "0 bytes");
  }

  @Test
  void longId() {
    assertDeadLetter(topics.record(new byte[10_000], SampleImages.jpeg(2)), "BAD_ID", "10000");
  }

  @Test
  void idThatIsNotUtf8() {
    assertDeadLetter(
        topics.record(new byte[] {'a', (byte) 0xC3, 'b'}, SampleImages.jpeg(2)), "BAD_ID", "UTF-8");
  }

  @Test
  void idWithNewlineAndQuotesIsAccepted() {
    String id = "two\nlines 'single' \"double\" <b>";
    topics.send(topics.record(id, SampleImages.jpeg(3)));
    assertThat(codeOf(id, 1).value()).isNotEmpty();
  }

  @Test
  void referenceIsRefusedUnlessItIsAllowed() {
    ProducerRecord<byte[], byte[]> record = topics.record("reference", null);
    record.headers().add("ce_dataref", "https://example.org/a.jpg".getBytes(UTF_8));
    assertDeadLetter(record, "REFERENCE_REFUSED", "mekiki.encoder.references.allowed");
  }

  @Test
  void structuredCloudEvent() {
    ProducerRecord<byte[], byte[]> record = topics.record("event", "{}".getBytes(UTF_8));
    record.headers().add("content-type", "application/cloudevents+json".getBytes(UTF_8));
    assertDeadLetter(record, "STRUCTURED_EVENT", "binary mode");
  }

  @Test
  void tooMuchMetadata() {
    ProducerRecord<byte[], byte[]> record = topics.record("chatty", SampleImages.jpeg(2));
    record.headers().add("novel", new byte[70_000]);
    assertDeadLetter(record, "BAD_METADATA", "65536");
  }

  @Test
  void badNewVersionLeavesTheOldOneInPlace() {
    topics.send(topics.record("versions", SampleImages.jpeg(4)));
    assertDeadLetter(
        topics.record("versions", SampleImages.textNamedJpg()), "UNKNOWN_FORMAT", "stays indexed");
    topics.send(topics.record("versions", SampleImages.jpeg(5)));
    ImageCode second = TestTopics.code(codeOf("versions", 2));
    assertThat(second.getSha256()).isNotEqualTo(TestTopics.code(codeOf("versions", 1)).getSha256());
  }

  @Test
  void nullDeletesAndNeedsNoImageBefore() {
    topics.send(topics.record("never seen", null));
    assertThat(codeOf("never seen", 1).value()).isNull();
    topics.send(topics.record("seen", SampleImages.jpeg(6)));
    topics.send(topics.record("seen", null));
    assertThat(codeOf("seen", 2).value()).isNull();
    assertThat(
            topics.all(topics.names().thumbnails(service.generation().getNetwork())).stream()
                .filter(record -> new String(record.key(), UTF_8).equals("seen"))
                .map(record -> record.value() == null))
        .containsExactly(false, true);
  }

  @Test
  void versionsOfOneIdKeepTheirOrder() {
    byte[][] values = {
      SampleImages.jpeg(10), SampleImages.png(11), null, SampleImages.jpeg(12), null
    };
    for (byte[] value : values) {
      topics.enqueue(topics.record("order", value));
    }
    codeOf("order", values.length);
    List<ConsumerRecord<byte[], byte[]>> codes =
        topics.all(codesTopic()).stream()
            .filter(code -> new String(code.key(), UTF_8).equals("order"))
            .toList();
    assertThat(codes.stream().map(code -> code.value() == null))
        .containsExactly(false, false, true, false, true);
    assertThat(
            codes.stream()
                .filter(code -> code.value() != null)
                .map(code -> TestTopics.code(code).getSizeBytes()))
        .containsExactly((long) values[0].length, (long) values[1].length, (long) values[3].length);
  }

  @Test
  void fiftyBadAmongFiveHundredGoodGiveFiftyDeadLettersAndFiveHundredCodes() throws Exception {
    EncoderConfig config = TestTopics.config(broker.bootstrapServers(), "mixed", Map.of());
    try (EncoderService mixed = EncoderService.start(config);
        TestTopics own = new TestTopics(config)) {
      byte[][] bad = {
        new byte[0],
        SampleImages.textNamedJpg(),
        SampleImages.truncatedJpeg(),
        SampleImages.hugePng(),
        new byte[TestTopics.IMAGE_BYTES + 1]
      };
      for (int i = 0; i < 550; i++) {
        own.enqueue(
            i % 11 == 5
                ? own.record("bad-" + i, bad[i / 11 % bad.length])
                : own.record("good-" + i, SampleImages.jpeg(i)));
      }
      own.flush();
      String codes = own.names().imageCodes(mixed.generation().getNetwork());
      await()
          .pollInSameThread()
          .atMost(Duration.ofSeconds(60))
          .until(() -> own.all(codes).size() + own.all(own.names().imagesDlq()).size() >= 550);
      assertThat(TestTopics.ids(own.all(codes))).hasSize(500).doesNotHaveDuplicates();
      assertThat(TestTopics.ids(own.all(own.names().imagesDlq())))
          .hasSize(50)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void queryImageGetsTheCodesThatTheStreamGives() {
    byte[] image = SampleImages.jpeg(77);
    topics.send(topics.record("query", image));
    ImageCode code = TestTopics.code(codeOf("query", 1));
    EncodeResponse answer = encoder().encode(request(image));
    assertThat(answer.getNetwork()).isEqualTo(code.getNetwork());
    assertThat(answer.getSha256()).isEqualTo(code.getSha256());
    assertThat(answer.getFingerprint()).isEqualTo(code.getFingerprint());
    assertThat(answer.getHashCode().size()).isEqualTo(code.getHashCode().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no image"})
  void queryThatIsNoImageIsRefusedWithTheReason(String text) {
    assertThatThrownBy(() -> encoder().encode(request(text.getBytes(UTF_8))))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
              assertThat(e.getStatus().getDescription()).startsWith("image");
            });
  }

  @Test
  void withoutTheSearchForCopiesLandmarksAreNotLookedForAndNothingIsAligned() {
    EncodeRequest wanted = request(SampleImages.jpeg(78)).toBuilder().setLandmarks(true).build();

    assertThat(encoder().encode(wanted).hasSought()).isFalse();
    assertThatThrownBy(() -> encoder().align(AlignRequest.getDefaultInstance()))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("mekiki.match.copies=on");
  }

  @Test
  void queryOverTheByteLimitNamesTheLimit() {
    assertThatThrownBy(
            () -> encoder().encode(request(SampleImages.jpegOfSize(TestTopics.IMAGE_BYTES + 1))))
        .hasMessageContaining("INVALID_ARGUMENT")
        .hasMessageContaining(Integer.toString(TestTopics.IMAGE_BYTES));
  }

  @Test
  void readinessAndMetricsAreServed() {
    topics.send(topics.record("counted", SampleImages.jpeg(8)));
    codeOf("counted", 1);
    WebClient client = WebClient.of("http://" + service.address());
    assertThat(client.blocking().get("/readyz").status().code()).isEqualTo(200);
    assertThat(client.blocking().get("/metrics").contentUtf8())
        .contains("mekiki_encoder_dead_letters_total{reason=\"EMPTY\"")
        .contains("mekiki_encoder_commit_seconds")
        .contains("mekiki_encoder_batch_size");
  }

  @Test
  void otherGenerationIsRefusedAndReplacedOnlyOnDemand() {
    Map<String, String> otherPartitions = Map.of("mekiki.generation.partitions", "4");
    assertThatThrownBy(() ->
            EncoderService.start(
                TestTopics.config(broker.bootstrapServers(), "shared", otherPartitions)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("8 partitions")
        .hasMessageContaining("4 partitions")
        .hasMessageContaining(service.generation().getNetwork())
        .hasMessageContaining("mekiki up --data DIR --reindex");
    EncoderConfig first = TestTopics.config(broker.bootstrapServers(), "replaced", Map.of());
    EncoderService.start(first).close();
    EncoderConfig second =
        TestTopics.config(
            broker.bootstrapServers(),
            "replaced",
            Map.of("mekiki.generation.partitions", "4", "mekiki.generation.reindex", "true"));
    try (EncoderService replacing = EncoderService.start(second);
        TestTopics own = new TestTopics(second)) {
      assertThat(new GenerationRegistry(own.clients(), own.names()).active())
          .map(Generation::getId)
          .contains(replacing.generation().getId());
    }
  }

  @Test
  void portInUseIsRefused() {
    String port = service.address().substring(service.address().lastIndexOf(':') + 1);
    assertThatThrownBy(() ->
            EncoderService.start(
                TestTopics.config(
                    broker.bootstrapServers(), "shared", Map.of("mekiki.encoder.port", port))))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("mekiki.encoder.port");
  }

  private static void assertDeadLetter(
      ProducerRecord<byte[], byte[]> record, String error, String messagePart) {
    record.headers().add("kept", "yes".getBytes(UTF_8));
    RecordMetadata sent = topics.send(record);
    ConsumerRecord<byte[], byte[]> letter = topics.deadLetterOf(sent);
    byte @Nullable [] value = record.value();
    assertThat(letter.key()).isEqualTo(record.key());
    assertThat(letter.value()).isEqualTo(value);
    assertThat(TestTopics.header(letter, "kept")).isEqualTo("yes");
    assertThat(TestTopics.header(letter, "mekiki-dlq-topic")).isEqualTo(sent.topic());
    assertThat(TestTopics.header(letter, "mekiki-dlq-error")).isEqualTo(error);
    assertThat(TestTopics.header(letter, "mekiki-dlq-message")).contains(messagePart);
  }

  private static ConsumerRecord<byte[], byte[]> codeOf(String id, int count) {
    return topics.codeOf(service.generation().getNetwork(), id, count);
  }

  private static String codesTopic() {
    return topics.names().imageCodes(service.generation().getNetwork());
  }

  private static EncoderBlockingStub encoder() {
    return GrpcClients.newClient("gproto+http://" + service.address(), EncoderBlockingStub.class);
  }

  private static EncodeRequest request(byte[] image) {
    return EncodeRequest.newBuilder().setImage(ByteString.copyFrom(image)).build();
  }
}
