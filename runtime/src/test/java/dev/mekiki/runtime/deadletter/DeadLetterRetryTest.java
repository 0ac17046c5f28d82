package dev.mekiki.runtime.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.deadletter.DeadLetterRetry.Rules;
import dev.mekiki.runtime.deadletter.DeadLetterStatus.Kind;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TestClients;
import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.topic.DeadLetterHeaders;
import dev.mekiki.schemas.v1.DeadLetterState;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/// Retrying and dropping on a real broker.
class DeadLetterRetryTest {
  private static final Rules ORDINARY = new Rules(false, false);
  private static final Rules AGAIN = new Rules(true, false);
  private static final Rules OVERWRITE = new Rules(false, true);
  private static final String RETRIED = "retried";

  @TempDir static Path directory;
  private static EmbeddedBroker broker;
  private static KafkaClients clients;

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
  void theOriginalRecordIsSentAgainAndSaysWhatItIsARetryOf() throws Exception {
    DeadLetterPosition position =
        dead.letter("id", dead.image("id", "image"))
            .header(ImageHeaders.RETRY_OF, "an.earlier/1/1")
            .header(ImageHeaders.MUTE, "true")
            .header("empty", null)
            .send();

    assertThat(dead.retry(ORDINARY, position)).containsEntry(position, RETRIED);

    ConsumerRecord<byte[], byte[]> retry = images(2).getLast();
    assertThat(retry.key()).asString(UTF_8).isEqualTo("id");
    assertThat(retry.value()).asString(UTF_8).isEqualTo("image");
    assertThat(retry.headers().toArray())
        .extracting(Header::key)
        .containsExactlyInAnyOrder("kept", ImageHeaders.MUTE, "empty", ImageHeaders.RETRY_OF);
    assertThat(retry.headers().lastHeader(ImageHeaders.RETRY_OF).value())
        .asString(UTF_8)
        .isEqualTo(position.inTopic(dead.topics.imagesDlq()));
    await()
        .untilAsserted(() ->
            assertThat(dead.entry(position).status())
                .satisfies(status -> {
                  assertThat(status.kind()).isEqualTo(Kind.RETRIED);
                  assertThat(status.author()).isEqualTo("a test");
                  assertThat(status.time()).isPresent();
                }));
    assertThat(dead.newest(DeadLetterFilter.of(Kind.NEW), 10)).isEmpty();
  }

  @Test
  void noneIsRetriedTwiceUnlessThatIsMeant() throws Exception {
    DeadLetterPosition position = dead.letter("a", dead.image("a", "image")).send();
    dead.retry(ORDINARY, position);

    assertThat(dead.retry(ORDINARY, position).get(position))
        .startsWith("it was retried already at ")
        .contains("by a test", "--again");
    assertThat(images(2)).hasSize(2);
    // Its own retry stands behind the original, and is no newer record.
    assertThat(images(2)).allSatisfy(record -> assertThat(record.partition()).isZero());
    assertThat(dead.retry(AGAIN, position)).containsEntry(position, RETRIED);
    assertThat(images(3)).hasSize(3);
  }

  @Test
  void whatWasDroppedIsHiddenForGood() throws Exception {
    DeadLetterPosition position = dead.letter("id", dead.image("id", "image")).send();
    DeadLetterRecord letter = dead.entry(position).letter();
    try (DeadLetterWriter writer = dead.writer()) {
      writer.drop(List.of(letter));
    }

    assertThat(dead.retry(AGAIN, position).get(position)).startsWith("it was dropped at ");
    assertThat(dead.newest(DeadLetterFilter.of(Kind.NEW, Kind.RETRIED), 10)).isEmpty();
    assertThat(dead.entry(position).status().kind()).isEqualTo(Kind.DROPPED);
    assertThat(images(1)).hasSize(1);
  }

  @Test
  void whatCannotBecomeTheOriginalAgainIsNotSent() throws Exception {
    long offset = dead.image("id", "image");
    DeadLetterPosition cut =
        dead.letter("id", offset)
            .value(null)
            .header(DeadLetterHeaders.TRUNCATED, "left out: value of 9 bytes")
            .send();
    DeadLetterPosition foreign = dead.letter("id", offset).withoutHeaders().send();
    DeadLetterPosition elsewhere =
        dead.letter("id", offset).header(DeadLetterHeaders.TOPIC, "others").send();
    DeadLetterPosition nameless = dead.letter("id", offset).key(null).send();
    DeadLetterPosition deletion = dead.letter("id", offset).value(null).send();
    DeadLetterPosition reference =
        dead.letter("id", offset)
            .value(null)
            .header(ImageHeaders.CLOUD_EVENT_DATA_REFERENCE, "https://example.org/1.jpg")
            .send();

    Map<DeadLetterPosition, String> outcomes =
        dead.retry(ORDINARY, cut, foreign, elsewhere, nameless, deletion, reference);
    assertThat(outcomes.get(cut))
        .isEqualTo(
            "it does not hold the whole original record: left out: value of 9 bytes (expected:"
                + " send the image itself again)");
    assertThat(outcomes.get(foreign))
        .contains("no encoder has written it", "mekiki-dlq-topic is missing");
    assertThat(outcomes.get(elsewhere)).contains("topic others", dead.topics.images());
    assertThat(outcomes.get(nameless)).contains("its key is no image id");
    assertThat(outcomes.get(deletion)).contains("it holds no image", "mekiki delete");
    assertThat(outcomes).containsEntry(reference, RETRIED);
    assertThat(images(2)).hasSize(2);
  }

  @Test
  void anImageWithANewerRecordIsLeftAloneUnlessItShallBeReplaced() throws Exception {
    DeadLetterPosition replaced = dead.letter("replaced", dead.image("replaced", "a")).send();
    DeadLetterPosition deleted = dead.letter("deleted", dead.image("deleted", "b")).send();
    DeadLetterPosition alone = dead.letter("alone", dead.image("alone", "c")).send();
    long newer = dead.image("replaced", "d");
    dead.image("deleted", null);
    dead.image("another", "e");

    Map<DeadLetterPosition, String> outcomes = dead.retry(ORDINARY, replaced, deleted, alone);
    assertThat(outcomes.get(replaced))
        .contains(
            "a newer record at offset " + newer + " of " + dead.topics.images(), "--overwrite");
    assertThat(outcomes.get(deleted)).contains("a newer record at offset 4");
    assertThat(outcomes).containsEntry(alone, RETRIED);
    assertThat(dead.retry(OVERWRITE, replaced)).containsEntry(replaced, RETRIED);
  }

  @Test
  void ofTwoDeadLettersOfOneImageTheNewerIsSent() throws Exception {
    DeadLetterPosition first = dead.letter("id", dead.image("id", "first")).send();
    DeadLetterPosition second = dead.letter("id", dead.image("id", "second")).send();

    Map<DeadLetterPosition, String> outcomes = dead.retry(ORDINARY, first, second);
    assertThat(outcomes.get(first)).contains("a newer record at offset 1");
    assertThat(outcomes).containsEntry(second, RETRIED);
  }

  @Test
  void anOriginalThatKafkaHasDeletedIsNoObstacle() throws Exception {
    DeadLetterPosition position = dead.letter("id", dead.image("id", "image")).send();
    dead.image("another", "image");
    dead.deleteBefore(dead.topics.images(), 0, 2);

    assertThat(dead.retry(ORDINARY, position)).containsEntry(position, RETRIED);
  }

  /// Offsets of the two topics cannot be compared.
  @Test
  void inATopicThatWasMadeAnewEveryRecordIsNewer() throws Exception {
    DeadLetterPosition position = dead.letter("id", 5).send();
    DeadLetterPosition beyond = dead.letter("id", 1000).header("mekiki-dlq-partition", "7").send();
    DeadLetterPosition absent = dead.letter("absent", 6).send();
    dead.image("id", "newer");
    for (int i = 0; i < 8; i++) {
      dead.image("another-" + i, "image");
    }
    dead.send(
        new ProducerRecord<>(dead.topics.images(), "id".getBytes(UTF_8), "x".getBytes(UTF_8)));

    Map<DeadLetterPosition, String> outcomes = dead.retry(ORDINARY, position, beyond, absent);
    assertThat(outcomes.get(position)).contains("a newer record at offset");
    assertThat(outcomes.get(beyond)).contains("a newer record at offset");
    assertThat(outcomes).containsEntry(absent, RETRIED);
  }

  @Test
  void oneThatKafkaRefusesKeepsNoOtherFromBeingSent() throws Exception {
    DeadLetterPosition small = dead.letter("small", dead.image("small", "image")).send();
    DeadLetterPosition large = dead.letter("large", 1).value(new byte[1 << 20]).send();
    DeadLetterPosition next = dead.letter("next", 2).send();
    dead.limitImages(1 << 19);

    Map<DeadLetterPosition, String> outcomes = dead.retry(OVERWRITE, large, small, next);
    assertThat(outcomes.get(large)).startsWith("Kafka refuses it: ");
    assertThat(outcomes).containsEntry(small, RETRIED).containsEntry(next, RETRIED);
    assertThat(images(3))
        .extracting(record -> new String(record.key(), UTF_8))
        .containsExactlyInAnyOrder("small", "small", "next");
    assertThat(dead.entry(large).status().kind()).isEqualTo(Kind.NEW);
  }

  @Test
  void aSecondWriterEndsTheFirst() throws Exception {
    DeadLetterPosition position = dead.letter("id", dead.image("id", "image")).send();
    DeadLetterRecord letter = dead.entry(position).letter();
    try (DeadLetterWriter first = dead.writer();
        DeadLetterWriter second = dead.writer()) {
      second.drop(List.of(letter));

      assertThatThrownBy(() -> first.drop(List.of(letter)))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("another command");
    }
  }

  @Test
  void whatWasDoneIsForgottenOnceKafkaHasDeletedTheDeadLetter() throws Exception {
    DeadLetterPosition old = dead.letter("old", 0).send();
    DeadLetterPosition young = dead.letter("young", 1).send();
    try (DeadLetterWriter writer = dead.writer()) {
      writer.drop(List.of(dead.entry(old).letter(), dead.entry(young).letter()));
    }
    dead.deleteBefore(dead.topics.imagesDlq(), 0, 1);
    try (DeadLetterReader reader = dead.reader();
        DeadLetterWriter writer = dead.writer()) {
      writer.forgetExpired(reader.states(), reader);
      await()
          .untilAsserted(() -> assertThat(dead.records(dead.topics.deadLetterStates())).hasSize(3));
    }

    assertThat(dead.records(dead.topics.deadLetterStates()).getLast())
        .satisfies(tombstone -> {
          assertThat(tombstone.key())
              .asString(UTF_8)
              .isEqualTo(old.inTopic(dead.topics.imagesDlq()));
          assertThat(tombstone.value()).isNull();
        });
    assertThat(dead.entry(young).status().kind()).isEqualTo(Kind.DROPPED);
  }

  @Test
  void statesOfAnotherDeadLetterAtThatPlaceAndRecordsOfOthersSayNothing() throws Exception {
    DeadLetterPosition position = dead.letter("id", 0).send();
    try (DeadLetterWriter writer = dead.writer()) {
      writer.forgetExpired(new DeadLetterStates(dead.topics.imagesDlq()), dead.reader());
    }
    String key = position.inTopic(dead.topics.imagesDlq());
    state(key, dropped(1));
    assertThat(dead.entry(position).status()).isEqualTo(DeadLetterStatus.NEW);
    long timestamp = dead.entry(position).letter().timestamp();
    state(key, dropped(timestamp));
    assertThat(dead.entry(position).status().kind()).isEqualTo(Kind.DROPPED);

    state(key, new byte[] {1, 2, 3});
    state(key, DeadLetterState.getDefaultInstance().toByteArray());
    state("\u001b", dropped(timestamp));
    assertThat(dead.entry(position).status().kind()).isEqualTo(Kind.DROPPED);
  }

  private static byte[] dropped(long timestamp) {
    return DeadLetterState.newBuilder()
        .setState(DeadLetterState.State.DROPPED)
        .setTime(Timestamps.fromMillis(0).toBuilder().setSeconds(Long.MAX_VALUE))
        .setDeadLetterMillis(timestamp)
        .build()
        .toByteArray();
  }

  private void state(String key, byte[] value) throws Exception {
    dead.send(new ProducerRecord<>(dead.topics.deadLetterStates(), key.getBytes(UTF_8), value));
  }

  /// The records on `images`, once there are as many: Kafka notes a commit some time after it has
  /// said so.
  private List<ConsumerRecord<byte[], byte[]>> images(int count) {
    return await()
        .until(
            () ->
                dead.records(dead.topics.images()).stream()
                    .sorted(Comparator.comparingLong(ConsumerRecord::timestamp))
                    .toList(),
            records -> records.size() >= count);
  }
}
