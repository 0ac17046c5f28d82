package dev.mekiki.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.encoder.commit.CodeWriter;
import dev.mekiki.encoder.record.Work;
import dev.mekiki.encoder.record.Work.Outcome;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.image.Thumbnails;
import dev.mekiki.schemas.topic.DeadLetterHeaders;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.ThumbnailCoordinate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transactions of codes and thumbnails on a real broker. What is read is what is committed.
class CodeWriterIT {
  private static final String NETWORK = "ab".repeat(32);

  @TempDir private static Path directory;
  private static EmbeddedBroker broker;
  private static ConsumerGroupMetadata group;
  private static int tests;

  private TestTopics topics;
  private Topics names;
  private CodeWriter writer;
  private long offset;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory));
    // The first commit of a group makes the topic of offsets, which takes its time.
    EncoderConfig config = TestTopics.config(broker.bootstrapServers(), "first", Map.of());
    try (TestTopics first = new TestTopics(config);
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                first.clients().consumer("first"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
      TopicProvisioner.ensure(
          first.clients(),
          List.of(TopicSpec.images(first.names(), 1, (short) 1, TestTopics.IMAGE_BYTES)));
      consumer.commitSync(
          Map.of(new TopicPartition(first.names().images(), 0), new OffsetAndMetadata(0)),
          Duration.ofMinutes(2));
      // Of a consumer that is no member: its commits are taken while the group has none.
      group = consumer.groupMetadata();
    }
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void start() {
    EncoderConfig config =
        TestTopics.config(broker.bootstrapServers(), "writer-" + tests++, Map.of());
    topics = new TestTopics(config);
    names = topics.names();
    TopicProvisioner.ensure(
        topics.clients(),
        List.of(
            TopicSpec.images(names, 4, (short) 1, TestTopics.IMAGE_BYTES),
            TopicSpec.imageCodes(names, NETWORK, 4, (short) 1),
            TopicSpec.thumbnails(names, NETWORK, 4, (short) 1),
            TopicSpec.imagesDlq(names, 4, (short) 1, TestTopics.IMAGE_BYTES)));
    writer =
        new CodeWriter(
            topics.clients().transactionalProducer("writer-" + tests),
            new CodeWriter.Targets(
                names.imageCodes(NETWORK),
                names.thumbnails(NETWORK),
                names.imagesDlq(),
                TopicSpec.deadLetterBytes(TestTopics.IMAGE_BYTES)));
    writer.reopen();
  }

  @AfterEach
  void stop() {
    writer.close();
    topics.close();
  }

  @Test
  void everyCodeNamesTheThumbnailOfItsOwnImage() {
    write(coded("a", 1), coded("b", 2), coded("c", 3), coded("a", 4));
    write(coded("d", 5), coded("b", 6));

    for (ConsumerRecord<byte[], byte[]> code : codes(6)) {
      ImageCode value = TestTopics.code(code);
      assertThat(value.getThumbnail().isEmpty()).isTrue();
      ConsumerRecord<byte[], byte[]> thumbnail = thumbnailAt(value.getThumbnailAt());
      assertThat(thumbnail.key()).isEqualTo(code.key());
      assertThat(thumbnail.value()).isEqualTo(jpeg(value.getWidth()).toByteArray());
      assertThat(Thumbnails.matches(value.getThumbnailAt(), jpeg(value.getWidth()))).isTrue();
    }
  }

  @Test
  void abortedThumbnailsAreNamedByNoCode() {
    ConsumerGroupMetadata expelled = formerMember();
    List<Work> work = List.of(coded("a", 1), coded("b", 2));
    assertThatThrownBy(() -> writer.write(work, offsets(), expelled))
        .isInstanceOf(CommitFailedException.class);
    writer.reopen();
    write(coded("a", 1), coded("b", 2));

    assertThat(thumbnails(2)).hasSize(2);
    for (ConsumerRecord<byte[], byte[]> code : codes(2)) {
      ThumbnailCoordinate at = TestTopics.code(code).getThumbnailAt();
      // Behind the aborted one and the marker of its end.
      assertThat(at.getOffset()).isGreaterThan(1);
      assertThat(thumbnailAt(at).key()).isEqualTo(code.key());
    }
  }

  @Test
  void refusedCodeTakesItsThumbnailWithItAndLeavesTheOthersRight() throws Exception {
    setMaxBytes(names.imageCodes(NETWORK), 1_000);
    Work chatty = coded("chatty", 1);
    chatty.finish(
        new Outcome.Coded(
            new ImageId("chatty"),
            ImageCode.newBuilder().putMetadata("novel", "x".repeat(2_000)).build(),
            jpeg(1)));
    write(coded("a", 2), chatty, coded("b", 3));

    assertThat(chatty.outcome()).isInstanceOf(Outcome.Dead.class);
    assertThat(header(DeadLetterHeaders.ERROR)).isEqualTo("CODE_REFUSED");
    assertThat(keys(thumbnails(2))).containsExactlyInAnyOrder("a", "b");
    for (ConsumerRecord<byte[], byte[]> code : codes(2)) {
      assertThat(thumbnailAt(TestTopics.code(code).getThumbnailAt()).key()).isEqualTo(code.key());
    }
  }

  /// The producer answers what it had not sent yet with the failure of the refused record.
  @Test
  void recordsBesideRefusedOnesAreWritten() throws Exception {
    setMaxBytes(names.imageCodes(NETWORK), 1_000);
    List<Work> work = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      work.add(
          i % 50 == 7
              ? work(
                  new Outcome.Coded(
                      new ImageId("chatty" + i),
                      ImageCode.newBuilder().putMetadata("novel", "x".repeat(2_000)).build(),
                      jpeg(i)))
              : coded("image" + i, i));
    }
    write(work.toArray(Work[]::new));

    assertThat(committed(names.imagesDlq(), 4)).hasSize(4);
    assertThat(codes(196)).hasSize(196);
    assertThat(thumbnails(196)).hasSize(196);
  }

  @Test
  void imageWhoseThumbnailIsRefusedIsIndexedWithoutIt() throws Exception {
    write(coded("a", 1));
    setMaxBytes(names.thumbnails(NETWORK), 1_000);
    write(coded("a", 2), coded("b", 3));

    assertThat(topics.all(names.imagesDlq())).isEmpty();
    List<ImageCode> codes = codes(3).stream().map(TestTopics::code).toList();
    assertThat(codes.stream().map(ImageCode::hasThumbnailAt)).containsOnlyOnce(true);
    // The older version's thumbnail is removed all the same.
    assertThat(last("a", thumbnails(3)).value()).isNull();

    // Even the removal is too large; the limit leaves room for the marker of a commit.
    setMaxBytes(names.thumbnails(NETWORK), 200);
    write(coded("a".repeat(300), 4));
    assertThat(header(DeadLetterHeaders.ERROR)).isEqualTo("CODE_REFUSED");
  }

  @Test
  void ofAnImageDeletedAndSentInOneTransactionTheLastCounts() {
    write(deleted("a"), coded("a", 1), coded("b", 2), deleted("b"));

    assertThat(last("a", thumbnails(4)).value()).isEqualTo(jpeg(1).toByteArray());
    assertThat(last("b", thumbnails(4)).value()).isNull();
  }

  @Test
  void newVersionWithoutThumbnailRemovesTheOlderOne() {
    write(coded("a", 1));
    write(work(new Outcome.Coded(new ImageId("a"), code(2), ByteString.EMPTY)));

    assertThat(last("a", thumbnails(2)).value()).isNull();
    assertThat(TestTopics.code(codes(2).getLast()).hasThumbnailAt()).isFalse();
  }

  /// The membership of a consumer that has left its group.
  private ConsumerGroupMetadata formerMember() {
    try (KafkaConsumer<byte[], byte[]> member =
        new KafkaConsumer<>(
            topics.clients().consumer("left"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      member.subscribe(List.of(names.images()));
      await()
          .pollInSameThread()
          .atMost(Duration.ofSeconds(60))
          .until(() -> {
            member.poll(Duration.ofMillis(100));
            return !member.assignment().isEmpty();
          });
      return member.groupMetadata();
    }
  }

  private void write(Work... work) {
    writer.write(Arrays.asList(work), offsets(), group);
  }

  private Map<TopicPartition, OffsetAndMetadata> offsets() {
    return Map.of(new TopicPartition(names.images(), 0), new OffsetAndMetadata(offset));
  }

  private Work coded(String id, int number) {
    return work(new Outcome.Coded(new ImageId(id), code(number), jpeg(number)));
  }

  private Work deleted(String id) {
    return work(new Outcome.Deleted(new ImageId(id)));
  }

  private Work work(Outcome outcome) {
    Work work = new Work(new ConsumerRecord<>(names.images(), 0, offset++, null, null), "");
    work.finish(outcome);
    return work;
  }

  private static ImageCode code(int number) {
    return ImageCode.newBuilder().setWidth(number).build();
  }

  private static ByteString jpeg(int number) {
    return ByteString.copyFrom(("JPEG " + number + " ").repeat(500), UTF_8);
  }

  private ConsumerRecord<byte[], byte[]> thumbnailAt(ThumbnailCoordinate at) {
    return topics.all(names.thumbnails(NETWORK)).stream()
        .filter(
            record -> record.partition() == at.getPartition() && record.offset() == at.getOffset())
        .findFirst()
        .orElseThrow();
  }

  private static ConsumerRecord<byte[], byte[]> last(
      String id, List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream()
        .filter(record -> new String(record.key(), UTF_8).equals(id))
        .reduce((_, later) -> later)
        .orElseThrow();
  }

  private String header(String name) {
    return TestTopics.header(committed(names.imagesDlq(), 1).getFirst(), name);
  }

  private List<ConsumerRecord<byte[], byte[]>> codes(int count) {
    return committed(names.imageCodes(NETWORK), count);
  }

  private List<ConsumerRecord<byte[], byte[]>> thumbnails(int count) {
    return committed(names.thumbnails(NETWORK), count);
  }

  /// A commit returns before what it wrote can be read.
  private List<ConsumerRecord<byte[], byte[]>> committed(String topic, int count) {
    await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofSeconds(60))
        .until(() -> topics.all(topic).size() >= count);
    List<ConsumerRecord<byte[], byte[]>> all = topics.all(topic);
    assertThat(all).hasSize(count);
    return all;
  }

  private static List<String> keys(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream().map(record -> new String(record.key(), UTF_8)).toList();
  }

  private void setMaxBytes(String topic, int bytes) throws Exception {
    try (Admin admin = Admin.create(topics.clients().admin())) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry(
                              TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes)),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }
}
