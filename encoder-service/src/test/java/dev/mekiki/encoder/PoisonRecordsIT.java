package dev.mekiki.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpStatus;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.schemas.topic.DeadLetterHeaders;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// No record stops an encoder: what senders with a larger limit than ours may put on `images`.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes half a minute; run with -Dmekiki.tests.long=true")
class PoisonRecordsIT {
  private static final int BROKER_BYTES = 2 << 20;
  private static final int PARTITIONS = 4;

  @TempDir Path directory;
  private EmbeddedBroker broker;
  private Admin admin;
  private EncoderConfig config;
  private EncoderService service;
  private TestTopics topics;
  private KafkaProducer<byte[], byte[]> hostile;

  @BeforeEach
  void start() throws Exception {
    broker =
        EmbeddedBroker.start(
            new BrokerSettings(
                directory, "127.0.0.1", 0, BROKER_BYTES, Optional.empty(), Optional.empty()));
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    config = TestTopics.config(broker.bootstrapServers(), "poison", Map.of());
    createImages();
    service = EncoderService.start(config);
    topics = new TestTopics(config);
    Map<String, Object> properties = topics.clients().producer();
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 << 20);
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
    hostile = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    service.awaitReady(Duration.ofSeconds(60));
  }

  @AfterEach
  void stop() {
    hostile.close();
    topics.close();
    service.close();
    admin.close();
    broker.close();
  }

  @Test
  void ordinaryImagesComeThroughAmongRandomRecords() throws Exception {
    long seed = Long.getLong("mekiki.seed", 21);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Set<String> ordinary = new HashSet<>();
    int sent = 0;
    for (int i = 0; i < 120; i++) {
      if (i % 3 == 0) {
        String id = "ordinary-" + i;
        topics.enqueue(topics.record(id, SampleImages.jpeg(i)));
        ordinary.add(id);
      } else {
        sent += trySend(poison(random, i)) ? 1 : 0;
      }
    }
    topics.flush();
    int poison = sent;
    assertThat(poison).isGreaterThan(40);

    await()
        .pollInSameThread()
        .atMost(Duration.ofMinutes(2))
        .until(() -> ids(codes()).containsAll(ordinary));
    // Each other record became a code, a tombstone or a dead letter, or is counted.
    await()
        .pollInSameThread()
        .atMost(Duration.ofSeconds(60))
        .until(() -> codes().size() - ordinary.size() + deadLetters().size() + skipped() >= poison);
    assertThat(codes().size() - ordinary.size() + deadLetters().size() + skipped())
        .isEqualTo(poison);
    for (ConsumerRecord<byte[], byte[]> letter : deadLetters()) {
      assertThat(TestTopics.header(letter, DeadLetterHeaders.MESSAGE)).hasSizeLessThan(1200);
    }
    assertHealthy();
  }

  @Test
  void whatKafkaRefusesBecomesASmallerDeadLetterOrIsCounted() throws Exception {
    // Codes with much metadata fit no more; dead letters only without the original record.
    setMaxBytes(topics.names().imageCodes(service.generation().getNetwork()), 20_000);
    setMaxBytes(topics.names().imagesDlq(), 2_000);
    ProducerRecord<byte[], byte[]> chatty = topics.record("chatty", SampleImages.jpeg(1));
    byte[] noise = new byte[20_000];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (byte) ('a' + new Random(i).nextInt(26));
    }
    chatty.headers().add("novel", noise);
    ConsumerRecord<byte[], byte[]> letter = topics.deadLetterOf(topics.send(chatty));
    assertThat(TestTopics.header(letter, DeadLetterHeaders.ERROR)).isEqualTo("CODE_REFUSED");
    assertThat(TestTopics.header(letter, DeadLetterHeaders.TRUNCATED)).contains("value of");
    assertThat(TestTopics.header(letter, DeadLetterHeaders.KEY)).isEqualTo("chatty");

    setMaxBytes(topics.names().imagesDlq(), 100);
    topics.send(topics.record("text", SampleImages.textNamedJpg()));
    topics.send(topics.record("ordinary", SampleImages.jpeg(2)));
    await().pollInSameThread().atMost(Duration.ofSeconds(60)).until(() -> skipped() == 1);
    await()
        .pollInSameThread()
        .atMost(Duration.ofSeconds(60))
        .until(() -> ids(codes()).contains("ordinary"));
    assertHealthy();
  }

  @Test
  void topicThatIsCreatedAgainIsReadFromItsBeginning() throws Exception {
    for (int i = 0; i < 20; i++) {
      topics.enqueue(topics.record("old-" + i, SampleImages.jpeg(i)));
    }
    topics.flush();
    await().pollInSameThread().atMost(Duration.ofSeconds(60)).until(() -> codes().size() == 20);
    String oldId = TestTopics.code(codes().getFirst()).getImagesTopicId();
    assertThat(oldId).isNotEmpty();

    admin.deleteTopics(List.of(topics.names().images())).all().get();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          try {
            createImages();
            return true;
          } catch (ExecutionException e) {
            return false;
          }
        });
    await()
        .pollInSameThread()
        .atMost(Duration.ofSeconds(60))
        .until(() -> trySend(topics.record("new", SampleImages.jpeg(99))));
    await()
        .pollInSameThread()
        .atMost(Duration.ofSeconds(90))
        .until(() ->
            codes().stream()
                .anyMatch(code ->
                    new String(code.key(), UTF_8).equals("new")
                        && !TestTopics.code(code).getImagesTopicId().equals(oldId)));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> metric("mekiki_encoder_topic_recreations_total") >= 1);
  }

  private ProducerRecord<byte[], byte[]> poison(Random random, int number) {
    byte[] key =
        switch (random.nextInt(5)) {
          case 0 -> null;
          case 1 -> new byte[0];
          case 2 -> bytes(random, random.nextInt(2000));
          case 3 -> "k".repeat(random.nextInt(1_000_000)).getBytes(UTF_8);
          default -> ("poison-" + number).getBytes(UTF_8);
        };
    byte @Nullable [] value =
        switch (random.nextInt(6)) {
          case 0 -> null;
          case 1 -> new byte[random.nextInt(8 * BROKER_BYTES)];
          case 2 -> bytes(random, BROKER_BYTES - 1000);
          case 3 -> SampleImages.truncatedJpeg();
          case 4 -> bytes(random, random.nextInt(1000));
          default -> SampleImages.png(number);
        };
    Long timestamp =
        switch (random.nextInt(4)) {
          case 0 -> Long.MAX_VALUE;
          case 1 -> random.nextLong(Long.MAX_VALUE);
          default -> null;
        };
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topics.names().images(), null, timestamp, key, value);
    int headers =
        switch (random.nextInt(4)) {
          case 0 -> 0;
          case 1 -> 2_000;
          default -> random.nextInt(5);
        };
    String[] names = {
      "content-type",
      "ce_dataref",
      "mekiki-mute",
      "mekiki-expires",
      "ce_type",
      "mekiki-dlq-error",
      "",
      "靴",
      "x"
    };
    for (int i = 0; i < headers; i++) {
      int largest = headers > 100 ? 50 : 1_500_000;
      record
          .headers()
          .add(
              names[random.nextInt(names.length)],
              switch (random.nextInt(4)) {
                case 0 -> null;
                case 1 -> bytes(random, random.nextInt(100));
                case 2 -> "a".repeat(random.nextInt(largest)).getBytes(UTF_8);
                default -> "true".getBytes(UTF_8);
              });
    }
    return record;
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /// False where even the broker refuses it.
  private boolean trySend(ProducerRecord<byte[], byte[]> record) {
    try {
      return hostile.send(record).get() != null;
    } catch (Exception e) {
      return false;
    }
  }

  private void createImages() throws Exception {
    Topics names = config.topics().names();
    TopicSpec spec = TopicSpec.images(names, PARTITIONS, (short) 1, config.images().maxBytes());
    Map<String, String> settings = new HashMap<>(spec.config());
    settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(BROKER_BYTES));
    settings.put(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, "" + Long.MAX_VALUE);
    admin
        .createTopics(List.of(new NewTopic(spec.name(), PARTITIONS, (short) 1).configs(settings)))
        .all()
        .get();
  }

  private void setMaxBytes(String topic, int bytes) throws Exception {
    Collection<AlterConfigOp> change =
        List.of(
            new AlterConfigOp(
                new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes)),
                AlterConfigOp.OpType.SET));
    admin
        .incrementalAlterConfigs(
            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), change))
        .all()
        .get();
  }

  private List<ConsumerRecord<byte[], byte[]>> codes() {
    return topics.all(topics.names().imageCodes(service.generation().getNetwork()));
  }

  private List<ConsumerRecord<byte[], byte[]>> deadLetters() {
    return topics.all(topics.names().imagesDlq());
  }

  private static List<String> ids(List<ConsumerRecord<byte[], byte[]>> records) {
    List<String> ids = new ArrayList<>();
    records.forEach(record -> ids.add(new String(record.key(), UTF_8)));
    return ids;
  }

  private int skipped() {
    return (int) metric("mekiki_encoder_skipped_records_total");
  }

  private double metric(String name) {
    return EncoderMetric.sum(service, name);
  }

  private void assertHealthy() {
    WebClient client = WebClient.of("http://" + service.address());
    assertThat(client.blocking().get("/livez").status()).isEqualTo(HttpStatus.OK);
    assertThat(client.blocking().get("/readyz").status()).isEqualTo(HttpStatus.OK);
  }
}
