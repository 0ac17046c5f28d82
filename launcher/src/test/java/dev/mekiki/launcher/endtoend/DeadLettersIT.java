package dev.mekiki.launcher.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mekiki.client.MekikiException;
import dev.mekiki.launcher.command.Execution;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.samples.SampleSet;
import dev.mekiki.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// What an operator does about dead letters, by the command line, on a running installation: an
/// image beyond a limit is retried in vain, and again once the limit is raised; others are looked
/// at and dropped.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes half a minute; run with -Dmekiki.tests.long=true")
class DeadLettersIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String HOSTILE = "evil\u001b[2J\n\u202egpj.exe";

  @TempDir private Path directory;

  @Test
  void deadLettersAreListedShownRetriedAndDropped() throws Exception {
    SampleSet photos = TestPictures.photos(500, 1);
    byte[] photo = photos.bytes(photos.pictures().getFirst());
    Path data = directory.resolve("data");
    String first;
    String second;
    try (InProcess mekiki = new InProcess(data, Map.of("mekiki.images.max-pixels", "1000"))) {
      String kafka = mekiki.bootstrapServers();
      dlq(kafka, "list").assertFailedWith(ExitCode.FAILED, "no dead letters of this kind");

      mekiki.api().put("shop/large", photo, Map.of("shelf", "7"), false);
      send(
          kafka, Topics.withDefaultPrefix().images(), HOSTILE, "no image\u001b[2J".getBytes(UTF_8));
      send(kafka, Topics.withDefaultPrefix().imagesDlq(), "foreign", new byte[10]);
      awaitOpen(kafka, 3);

      assertHostileTextIsHarmless(kafka);
      first = position(kafka, "--reason", "TOO_MANY_PIXELS", "--id", "shop/", "--since", "1h");
      assertItIsShownAndSaved(kafka, first, photo);

      // The limit still stands, so the retry fails again, and says that it was one.
      assertThat(dlq(kafka, "retry", first, "--author", "night shift").out())
          .contains("retried " + first + " shop/large", "retried 1, not retried 0");
      String retried = first;
      await()
          .atMost(LIMIT)
          .until(() ->
              list(kafka, "--reason", "TOO_MANY_PIXELS").stream()
                  .anyMatch(line -> line.get("retry_of").asText().equals(retried)));
      second = position(kafka, "--reason", "TOO_MANY_PIXELS");
      assertThat(second).isNotEqualTo(first);
      assertThat(dlq(kafka, "list").out()).contains("new, retry of " + first);
      assertThat(list(kafka, "--all", "--reason", "TOO_MANY_PIXELS"))
          .anySatisfy(line -> {
            assertThat(line.get("position").asText()).isEqualTo(retried);
            assertThat(line.get("state").asText()).isEqualTo("retried");
            assertThat(line.get("author").asText()).isEqualTo("night shift");
          });
      dlq(kafka, "retry", first)
          .assertFailedWith(ExitCode.FAILED, "it was retried already", "--again");
      dlq(kafka, "retry", "7:123456", "99:1")
          .assertFailedWith(ExitCode.FAILED, "there is none yet", "has no partition 99");

      assertForeignOnesAreDropped(kafka);
    }
    try (InProcess mekiki = new InProcess(data, Map.of())) {
      String kafka = mekiki.bootstrapServers();
      Execution unconfirmed = dlq(kafka, "retry", "--reason", "TOO_MANY_PIXELS");
      unconfirmed.assertFailedWith(ExitCode.USAGE, "--yes would retry 1 dead letters");
      assertThat(dlq(kafka, "retry", "--all", "--dry-run").out())
          .contains("would retry " + second + " shop/large");
      assertThat(list(kafka)).hasSize(1);

      Execution retry = dlq(kafka, "retry", "--reason", "TOO_MANY_PIXELS", "--yes", "--json");
      assertThat(retry.json().get("outcome").asText()).isEqualTo("retried");
      await()
          .atMost(LIMIT)
          .ignoreExceptionsInstanceOf(MekikiException.class)
          .untilAsserted(() ->
              assertThat(mekiki.api().image("shop/large").getMetadataMap())
                  .containsOnly(Map.entry("shelf", "7")));
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> assertThat(dlq(kafka, "list").exitCode()).isEqualTo(ExitCode.FAILED));
      assertThat(list(kafka, "--all")).hasSize(4);
    }
  }

  private static void assertHostileTextIsHarmless(String kafka) throws IOException {
    for (String[] command :
        new String[][] {
          {"list"}, {"list", "--json"}, {"show", position(kafka, "--reason", "UNKNOWN_FORMAT")}
        }) {
      Execution shown = dlq(kafka, command);
      assertThat(shown.exitCode()).isEqualTo(ExitCode.OK);
      assertThat(shown.out().lines().flatMapToInt(String::chars))
          .noneMatch(Character::isISOControl);
    }
    assertThat(dlq(kafka, "list").out()).contains("evil\\u001b[2J\\n\\u202egpj.exe");
    assertThat(list(kafka, "--id", "evil"))
        .singleElement()
        .satisfies(line -> assertThat(line.get("id").asText()).isEqualTo(HOSTILE));
  }

  private void assertItIsShownAndSaved(String kafka, String position, byte[] photo)
      throws IOException {
    Path file = directory.resolve("saved.jpg");
    Execution shown = dlq(kafka, "show", position, "--save", file.toString());
    assertThat(shown.exitCode()).as(shown.err()).isEqualTo(ExitCode.OK);
    assertThat(shown.out())
        .contains("shop/large", "TOO_MANY_PIXELS", "mekiki.images/", "header shelf", "saved ");
    assertThat(file).hasBinaryContent(photo);

    Files.writeString(file, "mine");
    dlq(kafka, "show", position, "--save", file.toString())
        .assertFailedWith(ExitCode.FAILED, "saved.jpg exists", "--force");
    assertThat(file).hasContent("mine");
    JsonNode json =
        dlq(kafka, "show", position, "--json", "--save", file.toString(), "--force").json();
    assertThat(json.at("/letter/position").asText()).isEqualTo(position);
    assertThat(file).hasBinaryContent(photo);
  }

  private static void assertForeignOnesAreDropped(String kafka) throws IOException {
    String foreign = position(kafka, "--id", "foreign");
    assertThat(dlq(kafka, "list").out()).contains("not written by an encoder: mekiki-dlq-error");
    dlq(kafka, "retry", foreign)
        .assertFailedWith(ExitCode.FAILED, "not retried " + foreign, "no encoder has written it");
    assertThat(dlq(kafka, "drop", foreign, "--dry-run").out()).contains("would drop " + foreign);
    assertThat(list(kafka, "--id", "foreign")).hasSize(1);

    assertThat(dlq(kafka, "drop", foreign).exitCode()).isEqualTo(ExitCode.OK);
    assertThat(dlq(kafka, "drop", "--reason", "UNKNOWN_FORMAT", "--yes").exitCode())
        .isEqualTo(ExitCode.OK);
    awaitOpen(kafka, 1);
    assertThat(list(kafka, "--all", "--id", "foreign"))
        .singleElement()
        .satisfies(line -> assertThat(line.get("state").asText()).isEqualTo("dropped"));
    dlq(kafka, "retry", foreign, "--again").assertFailedWith(ExitCode.FAILED, "it was dropped at");
  }

  private static void awaitOpen(String kafka, int count) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(list(kafka)).hasSize(count));
  }

  /// The position of the newest dead letter of a kind.
  private static String position(String kafka, String... filter) throws IOException {
    return list(kafka, filter).getLast().get("position").asText();
  }

  private static List<JsonNode> list(String kafka, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("list", "--json"));
    arguments.addAll(List.of(options));
    List<JsonNode> lines = new ArrayList<>();
    for (String line : dlq(kafka, arguments.toArray(String[]::new)).out().lines().toList()) {
      lines.add(new JsonMapper().readTree(line));
    }
    return lines;
  }

  private static Execution dlq(String kafka, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--bootstrap", kafka));
    return Execution.ofCommand("dlq", all.toArray(String[]::new));
  }

  private static void send(String kafka, String topic, String id, byte[] value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topic, id.getBytes(UTF_8), value);
      record.headers().add("note", "a\u001b[31m\u2028b".getBytes(UTF_8));
      producer.send(record).get();
    }
  }
}
