package dev.mekiki.query.thumbnails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.query.QueryConfig;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.image.Thumbnails;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.ThumbnailCoordinate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Thumbnails on a real broker: served, superseded, gone, and while the broker is away.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes half a minute; run with -Dmekiki.tests.long=true")
class ThumbnailReaderIT {
  private static final String NETWORK = "ab".repeat(32);
  private static final Topics TOPICS = Topics.withDefaultPrefix();
  private static final String THUMBNAILS = TOPICS.thumbnails(NETWORK);
  private static final Duration LIMIT = Duration.ofSeconds(3);

  @TempDir private Path directory;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private EmbeddedBroker broker;
  private KafkaClients clients;
  private Admin admin;
  private KafkaProducer<byte[], byte[]> producer;
  private ThumbnailReader reader;

  @BeforeEach
  void start() {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory));
    QueryConfig config =
        Configuration.of(
            QueryConfig.class, Map.of("mekiki.kafka.bootstrap-servers", broker.bootstrapServers()));
    clients = new KafkaClients(config.kafka(), config.images());
    createTopics();
    admin = Admin.create(clients.admin());
    producer =
        new KafkaProducer<>(
            clients.producer(), new ByteArraySerializer(), new ByteArraySerializer());
    reader = reader(LIMIT);
  }

  @AfterEach
  void stop() {
    reader.close();
    producer.close(Duration.ZERO);
    admin.close(Duration.ZERO);
    broker.close();
  }

  @Test
  void thumbnailIsReadOnceAndThenServedFromMemory() throws Exception {
    for (int i = 0; i < 20; i++) {
      send("other " + i, jpeg(100 + i));
    }
    ThumbnailCoordinate at = send("a", jpeg(1));
    send("another", jpeg(2));

    assertThat(find("a", at)).isEqualTo(new Thumbnail.Found(jpeg(1)));
    assertThat(find("a", at)).isEqualTo(new Thumbnail.Found(jpeg(1)));
    assertThat(count("read")).isOne();
    assertThat(count("cached")).isOne();
  }

  @Test
  void imageWithoutThumbnailAsksNobody() throws Exception {
    assertThat(reader.find(new ImageId("a"), NETWORK, ImageCode.getDefaultInstance()))
        .isEqualTo(new Thumbnail.None());
    assertThat(Stream.of("read", "cached", "gone", "unavailable").mapToLong(this::count).sum())
        .isZero();
  }

  @Test
  void manyAtOnceEachGetTheirOwn() throws Exception {
    List<ThumbnailCoordinate> places = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      places.add(send("image " + i, jpeg(i)));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Thumbnail>> found = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        int image = i;
        found.add(threads.submit(() -> find("image " + image, places.get(image))));
      }
      for (int i = 0; i < 300; i++) {
        assertThat(found.get(i).get()).isEqualTo(new Thumbnail.Found(jpeg(i)));
      }
    }
  }

  @Test
  void thumbnailInACodeOfAnEarlierVersionIsRead() throws Exception {
    ImageCode code = ImageCode.newBuilder().setThumbnail(jpeg(1)).setWidth(3).build();
    RecordMetadata sent = send(TOPICS.imageCodes(NETWORK), "old", code.toByteArray());

    ThumbnailCoordinate at = Thumbnails.inCode(sent.partition(), sent.offset(), jpeg(1));
    assertThat(find("old", at)).isEqualTo(new Thumbnail.Found(jpeg(1)));
  }

  @Test
  void supersededThumbnailIsServedWithTheOldCodeUntilItIsCompacted() throws Exception {
    alter(
        Map.of(
            "segment.ms",
            "100",
            "min.compaction.lag.ms",
            "0",
            "min.cleanable.dirty.ratio",
            "0.01",
            "delete.retention.ms",
            "0"));
    ThumbnailCoordinate old = send("a", jpeg(1));
    ThumbnailCoordinate now = send("a", jpeg(2));
    assertThat(find("a", old)).isEqualTo(new Thumbnail.Found(jpeg(1)));
    assertThat(find("a", now)).isEqualTo(new Thumbnail.Found(jpeg(2)));

    // Only segments that are closed are compacted, and a record closes one.
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> {
          send("filler", jpeg(3));
          return freshlyFound("a", old).equals(new Thumbnail.Gone());
        });
    assertThat(freshlyFound("a", now)).isEqualTo(new Thumbnail.Found(jpeg(2)));
  }

  @Test
  void deletedRecordsAreGone() throws Exception {
    ThumbnailCoordinate at = send("a", jpeg(1));
    TopicPartition partition = new TopicPartition(THUMBNAILS, at.getPartition());
    alter(Map.of("cleanup.policy", "delete"));
    admin
        .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(at.getOffset() + 1)))
        .all()
        .get();

    assertThat(find("a", at)).isEqualTo(new Thumbnail.Gone());
    assertThat(count("gone")).isOne();
  }

  @Test
  void topicCreatedAgainGivesNoWrongThumbnail() throws Exception {
    ThumbnailCoordinate lost = send("a", jpeg(1));
    ThumbnailCoordinate replaced = send("b", jpeg(2));
    // Its consumer knows the topic by the id that it has now.
    assertThat(find("b", replaced)).isEqualTo(new Thumbnail.Found(jpeg(2)));
    admin.deleteTopics(List.of(THUMBNAILS)).all().get();
    assertThat(freshlyFound("a", lost)).isEqualTo(new Thumbnail.Gone());
    createTopics();
    // Nothing stands there yet.
    assertThat(find("a", lost)).isEqualTo(new Thumbnail.Gone());

    // Another image at the place of the first; another picture of the second at its place.
    ThumbnailCoordinate usurper = send(replaced.getPartition(), "c", jpeg(3));
    ThumbnailCoordinate newer = send(replaced.getPartition(), "b", jpeg(4));
    assertThat(List.of(usurper.getOffset(), newer.getOffset())).containsExactly(0L, 1L);
    for (ThumbnailReader each : List.of(reader, reader(LIMIT))) {
      assertThat(find(each, "a", Thumbnails.at(replaced.getPartition(), 0, jpeg(1))))
          .isEqualTo(new Thumbnail.Gone());
      // Not even where the picture is the same.
      assertThat(find(each, "a", usurper)).isEqualTo(new Thumbnail.Gone());
      assertThat(find(each, "b", Thumbnails.at(replaced.getPartition(), 1, jpeg(5))))
          .isEqualTo(new Thumbnail.Gone());
      assertThat(find(each, "b", Thumbnails.at(replaced.getPartition(), 9, jpeg(5))))
          .isEqualTo(new Thumbnail.Gone());
      assertThat(find(each, "b", newer)).isEqualTo(new Thumbnail.Found(jpeg(4)));
      assertThat(find(each, "b", Thumbnails.at(1_000, 0, jpeg(5)))).isEqualTo(new Thumbnail.Gone());
    }
  }

  @Test
  void anotherProducersOpenTransactionDelaysNothing() throws Exception {
    try (KafkaProducer<byte[], byte[]> open =
        new KafkaProducer<>(
            clients.transactionalProducer("open"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      open.initTransactions();
      open.beginTransaction();
      open.send(new ProducerRecord<>(THUMBNAILS, 0, id("x"), jpeg(9).toByteArray())).get();
      ThumbnailCoordinate at = send(0, "a", jpeg(1));
      assertThat(find("a", at)).isEqualTo(new Thumbnail.Found(jpeg(1)));
      open.abortTransaction();
    }
  }

  @Test
  void brokerThatIsAwayIsSaidInTimeAndThatItIsBackIsNoticed() throws Exception {
    ThumbnailCoordinate at = send("a", jpeg(1));
    ThumbnailCoordinate other = send("b", jpeg(2));
    assertThat(find("a", at)).isEqualTo(new Thumbnail.Found(jpeg(1)));
    int port = Integer.parseInt(broker.bootstrapServers().replaceFirst(".*:", ""));
    broker.close();

    // With the consumer that is there and with a new one.
    for (int i = 0; i < 2; i++) {
      Instant start = Instant.now();
      assertThat(find("b", other)).isInstanceOf(Thumbnail.Unavailable.class);
      assertThat(Duration.between(start, Instant.now())).isLessThan(LIMIT.plusSeconds(2));
    }
    assertThat(find("a", at)).isEqualTo(new Thumbnail.Found(jpeg(1)));
    assertThat(count("unavailable")).isEqualTo(2);

    broker = EmbeddedBroker.start(new BrokerSettings(directory, "127.0.0.1", port));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> find("b", other).equals(new Thumbnail.Found(jpeg(2))));
  }

  @Test
  void closedReaderEndsReadsUnderWay() throws Exception {
    ThumbnailReader waiting = reader(Duration.ofSeconds(60));
    // The end of the topic: a read there waits for a record that may come.
    ThumbnailCoordinate end = Thumbnails.at(0, 0, jpeg(1));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Thumbnail> found = threads.submit(() -> find(waiting, "a", end));
      waiting.close();
      assertThat(found.get()).isInstanceOf(Thumbnail.Unavailable.class);
    }
    assertThat(find(waiting, "a", end)).isInstanceOf(Thumbnail.Unavailable.class);
  }

  private ThumbnailReader reader(Duration limit) {
    return new ThumbnailReader(clients.consumer(), TOPICS, limit, meters);
  }

  private void createTopics() {
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> {
          TopicProvisioner.ensure(
              clients,
              List.of(
                  TopicSpec.thumbnails(TOPICS, NETWORK, 2, (short) 1),
                  TopicSpec.imageCodes(TOPICS, NETWORK, 2, (short) 1)));
          return true;
        });
  }

  private void alter(Map<String, String> settings) throws Exception {
    admin
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, THUMBNAILS),
                settings.entrySet().stream()
                    .map(setting ->
                        new AlterConfigOp(
                            new ConfigEntry(setting.getKey(), setting.getValue()),
                            AlterConfigOp.OpType.SET))
                    .toList()))
        .all()
        .get();
  }

  private Thumbnail find(String id, ThumbnailCoordinate at) throws InterruptedException {
    return find(reader, id, at);
  }

  /// By a reader that remembers nothing.
  private Thumbnail freshlyFound(String id, ThumbnailCoordinate at) throws InterruptedException {
    try (ThumbnailReader fresh = reader(LIMIT)) {
      return find(fresh, id, at);
    }
  }

  private static Thumbnail find(ThumbnailReader reader, String id, ThumbnailCoordinate at)
      throws InterruptedException {
    return reader.find(new ImageId(id), NETWORK, ImageCode.newBuilder().setThumbnailAt(at).build());
  }

  private long count(String outcome) {
    return meters.get("mekiki.query.thumbnails").tag("outcome", outcome).timer().count();
  }

  private ThumbnailCoordinate send(String id, ByteString jpeg)
      throws InterruptedException, ExecutionException {
    return send(null, id, jpeg);
  }

  private ThumbnailCoordinate send(@Nullable Integer partition, String id, ByteString jpeg)
      throws InterruptedException, ExecutionException {
    RecordMetadata sent =
        producer
            .send(new ProducerRecord<>(THUMBNAILS, partition, id(id), jpeg.toByteArray()))
            .get();
    return Thumbnails.at(sent.partition(), sent.offset(), jpeg);
  }

  private RecordMetadata send(String topic, String id, byte[] value)
      throws InterruptedException, ExecutionException {
    return producer.send(new ProducerRecord<>(topic, id(id), value)).get();
  }

  private static byte[] id(String id) {
    return new ImageId(id).toBytes();
  }

  /// Some bytes, as many as a thumbnail has.
  private static ByteString jpeg(int seed) {
    byte[] bytes = new byte[5_000];
    new Random(seed).nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
