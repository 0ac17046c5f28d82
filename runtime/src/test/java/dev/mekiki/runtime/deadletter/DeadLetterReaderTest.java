package dev.mekiki.runtime.deadletter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.deadletter.DeadLetterReader.Found;
import dev.mekiki.runtime.deadletter.DeadLetterStatus.Kind;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TestClients;
import dev.mekiki.schemas.topic.DeadLetterHeaders;
import dev.mekiki.schemas.topic.Topics;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/// Listing and finding dead letters on a real broker.
class DeadLetterReaderTest {
  private static final DeadLetterFilter OPEN = DeadLetterFilter.of(Kind.NEW);

  @TempDir static Path directory;
  private static EmbeddedBroker broker;
  private static KafkaClients clients;

  private final long now = Instant.now().toEpochMilli();
  private TestDeadLetters dead;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory));
    clients =
        TestClients.of(
            Map.of(
                "mekiki.kafka.bootstrap-servers",
                broker.bootstrapServers(),
                "mekiki.images.max-bytes",
                Integer.toString(TestDeadLetters.IMAGE_BYTES)));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void makeTopics(TestInfo test) {
    dead = new TestDeadLetters(clients, test.getTestMethod().orElseThrow().getName());
  }

  @AfterEach
  void close() {
    dead.close();
  }

  @Test
  void theNewestAreListedInTheOrderOfTimeWhateverTheirPartition() throws Exception {
    for (int i = 0; i < 10; i++) {
      dead.letter("id-" + i, i).partition(i % 2).at(now - 10_000 + i).send();
    }

    assertThat(dead.newest(OPEN, 4))
        .extracting(entry -> entry.letter().id().orElseThrow().value())
        .containsExactly("id-6", "id-7", "id-8", "id-9");
    assertThat(dead.newest(OPEN, 100)).hasSize(10);
  }

  @Test
  void aDeadLetterSaysWhatTheEncoderWrote() throws Exception {
    DeadLetterPosition position =
        dead.letter("shop/1.jpg", 17)
            .header(DeadLetterHeaders.TRUNCATED, "left out: value of 9 bytes")
            .header("mekiki-retry-of", "some.topic/1/2")
            .at(now)
            .send();
    DeadLetterRecord letter = dead.newest(OPEN, 1).getFirst().letter();

    assertThat(letter.position()).isEqualTo(position);
    assertThat(letter.timestamp()).isEqualTo(now);
    assertThat(letter.id()).hasValueSatisfying(id -> assertThat(id).hasToString("shop/1.jpg"));
    assertThat(letter.reason()).isEqualTo("UNDECODABLE");
    assertThat(letter.message()).isEqualTo("cut short");
    assertThat(letter.original())
        .hasValueSatisfying(original -> assertThat(original.getOffset()).isEqualTo(17));
    assertThat(letter.bytes()).isEqualTo(5);
    assertThat(letter.leftOut()).contains("left out: value of 9 bytes");
    assertThat(letter.retryOf()).contains("some.topic/1/2");
    assertThat(letter.problems()).isEmpty();
  }

  @Test
  void filtersGoByReasonTimeAndId() throws Exception {
    dead.letter("a/1", 1).header(DeadLetterHeaders.ERROR, "EMPTY").at(now - 3000).send();
    dead.letter("a/2", 2).at(now - 2000).send();
    dead.letter("b/3", 3).at(now - 1000).send();

    assertThat(ids(filter(Set.of("EMPTY", "BAD_ID"), null, null, ""))).containsExactly("a/1");
    assertThat(ids(filter(Set.of(), now - 2000, null, ""))).containsExactly("a/2", "b/3");
    assertThat(ids(filter(Set.of(), null, now - 2000, ""))).containsExactly("a/1");
    assertThat(ids(filter(Set.of(), null, null, "a/"))).containsExactly("a/1", "a/2");
    assertThat(ids(filter(Set.of("UNDECODABLE"), now - 2500, now - 500, "b")))
        .containsExactly("b/3");
    assertThat(ids(filter(Set.of(), now + 3_600_000, null, ""))).isEmpty();
  }

  private List<String> ids(DeadLetterFilter filter) {
    try (DeadLetterReader reader = dead.reader()) {
      List<DeadLetterEntry> newest = reader.newest(filter, reader.states(), 100, ScanProgress.NONE);
      assertThat(reader.all(filter, reader.states(), 100, ScanProgress.NONE)).isEqualTo(newest);
      return newest.stream().map(entry -> entry.letter().key()).toList();
    }
  }

  private static DeadLetterFilter filter(
      Set<String> reasons, @Nullable Long since, @Nullable Long until, String idPrefix) {
    return new DeadLetterFilter(
        reasons,
        Optional.ofNullable(since).map(Instant::ofEpochMilli),
        Optional.ofNullable(until).map(Instant::ofEpochMilli),
        idPrefix,
        Set.of(Kind.NEW));
  }

  @Test
  void theNewestOfManyAreFoundWithoutReadingAll() throws Exception {
    sendMany(5000);
    AtomicLong read = new AtomicLong();
    try (DeadLetterReader reader = dead.reader()) {
      List<DeadLetterEntry> newest =
          reader.newest(
              OPEN, reader.states(), 10, (done, _) -> read.accumulateAndGet(done, Math::max));

      assertThat(newest).hasSize(10);
      assertThat(newest.getLast().letter().key()).isEqualTo("id-4999");
      assertThat(newest.getFirst().letter().key()).isEqualTo("id-4990");
      assertThat(read.get()).isBetween(10L, 500L);
    }
  }

  @Test
  void theNewestOfARareKindAreFoundHoweverFarBack() throws Exception {
    DeadLetterPosition rare =
        dead.letter("rare", 1).header(DeadLetterHeaders.ERROR, "EMPTY").at(now - 20_000).send();
    sendMany(1000);

    assertThat(dead.newest(filter(Set.of("EMPTY"), null, null, ""), 1))
        .singleElement()
        .satisfies(entry -> assertThat(entry.letter().position()).isEqualTo(rare));
  }

  private void sendMany(int count) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            clients.producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < count; i++) {
        sent.add(
            producer.send(
                dead.letter("id-" + i, i).partition(i % 2).at(now - 10_000 + i).record()));
      }
    }
    for (Future<RecordMetadata> one : sent) {
      assertThat(one.get().hasOffset()).isTrue();
    }
  }

  @Test
  void whatOtherProgramsWriteIsListedAsSuch() throws Exception {
    dead.letter("", 0).withoutHeaders().key(null).value(null).at(now).send();
    dead.letter("no offset", 0).header(DeadLetterHeaders.OFFSET, "-1").at(now + 1).send();
    dead.letter("wild", 0)
        .header(DeadLetterHeaders.PARTITION, "99999999999\u001b[2J")
        .header(DeadLetterHeaders.ERROR, null)
        .at(now + 2)
        .send();

    List<DeadLetterEntry> listed = dead.newest(OPEN, 100);
    assertThat(listed).hasSize(3);
    assertThat(listed.get(0).letter().problems())
        .contains("mekiki-dlq-topic is missing", "mekiki-dlq-error is missing");
    assertThat(listed.get(0).letter().id()).isEmpty();
    assertThat(listed.get(1).letter().problems())
        .containsExactly("mekiki-dlq-offset: '-1' (expected: 0..9223372036854775807)");
    assertThat(listed.get(2).letter().problems())
        .containsExactly(
            "mekiki-dlq-error is missing",
            "mekiki-dlq-partition: '99999999999\\u001b[2J' (expected: 0..2147483647)");
    assertThat(listed).allSatisfy(entry -> assertThat(entry.letter().original()).isEmpty());
  }

  @Test
  void textsOfAnySizeAreBounded() throws Exception {
    byte[] large = new byte[10 << 20];
    Arrays.fill(large, (byte) '\n');
    DeadLetterPosition position =
        dead.letter("id", 1).header(DeadLetterHeaders.MESSAGE, new String(large, UTF_8)).send();
    dead.letter("id", 2).key(large).send();

    assertThat(dead.newest(OPEN, 100))
        .allSatisfy(entry -> {
          assertThat(entry.letter().message().length()).isLessThan(1100);
          assertThat(entry.letter().key().length()).isLessThan(200);
        });
    assertThat(dead.entry(position).letter().message())
        .startsWith("\\n\\n")
        .endsWith("(10485760 bytes)");
  }

  @Test
  void whatIsNotThereIsSaidWithTheReason() throws Exception {
    for (int i = 0; i < 3; i++) {
      dead.letter("id", i).send();
    }
    sendAborted();
    dead.deleteBefore(dead.topics.imagesDlq(), 0, 1);

    try (DeadLetterReader reader = dead.reader()) {
      // Kafka notes that a transaction was aborted some time after it has said so.
      await().untilAsserted(() -> assertNothing(reader, 0, 4, "no record stands there"));
      dead.letter("id", 5).send();
      assertNothing(reader, 2, 0, "has no partition 2 (expected: 0..1)");
      assertNothing(
          reader, 0, 0, "Kafka has deleted it: what is left of partition 0 begins at 0:1");
      assertNothing(reader, 0, 3, "no record stands there");
      assertNothing(reader, 0, 6, "there is none yet: partition 0 ends before 0:6");
      assertNothing(reader, 0, 999_999_999_999_999_999L, "there is none yet");
      assertNothing(reader, 1, 0, "there is none yet");
      assertThat(reader.find(new DeadLetterPosition(0, 5)))
          .isInstanceOfSatisfying(
              Found.Whole.class,
              whole -> assertThat(whole.record().value()).asString(UTF_8).isEqualTo("image"));
      assertThat(reader.newest(OPEN, reader.states(), 10, ScanProgress.NONE))
          .extracting(entry -> entry.letter().position().offset())
          .containsExactly(1L, 2L, 5L);
    }
  }

  private static void assertNothing(DeadLetterReader reader, int partition, long offset, String why)
      throws InterruptedException {
    assertThat(reader.find(new DeadLetterPosition(partition, offset)))
        .isInstanceOfSatisfying(
            Found.Nothing.class, nothing -> assertThat(nothing.why()).contains(why));
  }

  private void sendAborted() {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            clients.transactionalProducer(dead.topics.prefix()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      var _ = producer.send(dead.letter("aborted", 3).record());
      producer.flush();
      producer.abortTransaction();
    }
  }

  @Test
  void aRecordThatIsDamagedOnDiskIsListedAsSuchAndHidesNoOther() throws Exception {
    dead.letter("before", 0).at(now - 2).send();
    DeadLetterPosition damaged =
        dead.letter("damaged", 1).value("to be damaged".getBytes(UTF_8)).at(now - 1).send();
    dead.letter("behind", 2).at(now).send();
    damage("to be damaged");

    List<DeadLetterEntry> listed = dead.newest(OPEN, 100);
    assertThat(listed)
        .extracting(entry -> entry.letter().key())
        .containsExactly("", "before", "behind");
    assertThat(listed.getFirst().letter().position()).isEqualTo(damaged);
    assertThat(listed.getFirst().letter().problems())
        .singleElement()
        .asString()
        .startsWith("it cannot be read: ");
  }

  /// Changes one byte of a text in the files of the dead letters.
  private void damage(String text) throws Exception {
    List<Path> logs;
    try (Stream<Path> files = Files.walk(directory)) {
      logs =
          files
              .filter(file ->
                  file.toString().contains(dead.topics.imagesDlq() + "-0")
                      && file.toString().endsWith(".log"))
              .toList();
    }
    assertThat(logs).hasSize(1);
    String content = Files.readString(logs.getFirst(), ISO_8859_1);
    int at = content.indexOf(text);
    assertThat(at).isPositive();
    try (RandomAccessFile file = new RandomAccessFile(logs.getFirst().toFile(), "rw")) {
      file.seek(at);
      file.write('T');
    }
  }

  @Test
  void anInstallationWithoutTheTopicLearnsWhatIsMissing() {
    assertThatThrownBy(() -> DeadLetterReader.open(clients, new Topics("nobody.")))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("nobody.images.dlq at " + broker.bootstrapServers())
        .hasMessageContaining("mekiki.topics.prefix");
  }
}
