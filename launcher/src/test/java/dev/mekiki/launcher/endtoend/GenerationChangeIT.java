package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mekiki.client.MekikiClient;
import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.launcher.command.Execution;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import dev.mekiki.schemas.topic.CutMarker;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.IndexMember;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// A center for a new class, from `centers add` to the removal of the generation without it, while
/// images come and searches go on: nothing is encoded again, no answer is partial, and each pair is
/// reported once.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes a minute; run with -Dmekiki.tests.long=true")
class GenerationChangeIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir private static Path directory;

  @Test
  void aCenterIsAddedWithoutAStop() throws Exception {
    SampleSet photos = TestPictures.photos(500, 30);
    List<SamplePicture> pictures = photos.pictures();
    Path bundle = withCenter(photos);
    List<String> ids = new ArrayList<>();
    Path data = directory.resolve("data");
    String live;
    String next;
    try (InProcess mekiki = new InProcess(data, Map.of());
        MatchLog matches = new MatchLog(mekiki.bootstrapServers())) {
      String kafka = mekiki.bootstrapServers();
      put(mekiki, photos, pictures.subList(0, pictures.size() / 2), ids);
      live = mekiki.api().status().getGeneration();

      assertThatWhatDoesNotFitIsRefused(kafka, bundle);
      next = generation(kafka, "prepare", bundle.toString()).json().get("generation").asText();
      assertThat(next).isNotEqualTo(live);
      await().atMost(LIMIT).until(() -> line(kafka, next).get("is_ready").asBoolean());
      assertThat(line(kafka, next).get("fullest_over_mean").asDouble()).isPositive();
      assertThat(encoded(kafka)).isEqualTo(ids.size());
      assertThat(mekiki.api().status().getGeneration()).isEqualTo(live);

      try (Searches searches = new Searches(mekiki.api(), ids.getFirst())) {
        JsonNode activated = generation(kafka, "activate", next.substring(0, 16), "--json").json();
        assertThat(activated.get("previous").asText()).isEqualTo(live);
        searches.awaitAnswersOf(next);
        put(mekiki, photos, pictures.subList(ids.size(), pictures.size() - 20), ids);
        assertThat(generation(kafka, "rollback").exitCode()).isEqualTo(ExitCode.OK);
        searches.awaitAnswersOf(live);
        put(mekiki, photos, pictures.subList(ids.size(), pictures.size() - 10), ids);
        generation(kafka, "activate", next, "--json").json();
        searches.awaitAnswersOf(next);
        assertThat(searches.end()).containsExactly(live, next, live, next);
      }
      put(mekiki, photos, pictures.subList(ids.size(), pictures.size()), ids);

      List<Match> all = matches.readUntilQuiet();
      new Oracle(mekiki.api(), ids).assertMatchesAreExactlyThePairs(all);
      assertThat(all.stream().map(Match::getGeneration).distinct())
          .containsExactlyInAnyOrder(live, next);
      assertThat(encoded(kafka)).isEqualTo(ids.size());
      generation(kafka, "retire", next, "--yes").assertFailedWith(ExitCode.FAILED, "is active");
      try (Searches searches = new Searches(mekiki.api(), ids.getFirst())) {
        assertThatItIsRetired(kafka, live, data);
        assertThat(searches.end()).containsExactly(next);
      }
      assertThat(mekiki.api().status().getImages()).isEqualTo(ids.size());
    }
    try (InProcess mekiki = new InProcess(data, Map.of())) {
      assertThat(mekiki.api().status().getGeneration()).isEqualTo(next);
      await().atMost(LIMIT).until(() -> mekiki.api().status().getImages() == ids.size());
    }
  }

  private static void assertThatWhatDoesNotFitIsRefused(String kafka, Path bundle) {
    EncoderConfig config =
        Configuration.of(EncoderConfig.class, Map.of("mekiki.kafka.bootstrap-servers", kafka));
    GenerationRegistry registry =
        new GenerationRegistry(
            new KafkaClients(config.kafka(), config.images()), config.topics().names());
    await().atMost(LIMIT).until(() -> registry.read().members().size() == 1);
    IndexMember member = registry.read().members().values().iterator().next();
    registry.announce(member.toBuilder().setHeapBytes(1 << 10).build());
    generation(kafka, "prepare", bundle.toString())
        .assertFailedWith(
            ExitCode.FAILED, "images x 300 bytes", "of the heap of 1,024", "retire a generation");
    registry.announce(member);
    assertThat(registry.read().byId()).hasSize(1);
  }

  private static void assertThatItIsRetired(String kafka, String live, Path data)
      throws IOException {
    generation(kafka, "retire", live).assertFailedWith(ExitCode.FAILED, "expected: --yes");
    assertThat(files(data, live)).isNotEmpty();

    JsonNode retired = generation(kafka, "retire", live, "--yes", "--json").json();

    String shortId = Topics.shortId(live);
    assertThat(retired.get("topics")).isNotEmpty();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
      // A broker learns a moment later what its controller has deleted.
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() ->
              assertThat(consumer.listTopics().keySet())
                  .noneMatch(topic -> topic.contains(shortId)));
    }
    await().atMost(LIMIT).untilAsserted(() -> assertThat(files(data, live)).isEmpty());
    generation(kafka, "rollback").assertFailedWith(ExitCode.FAILED, "there is no way back");
  }

  private static List<Path> files(Path data, String generation) throws IOException {
    // Not what lies in them: stores that are open replace their files while they are walked.
    try (Stream<Path> all = Files.list(data.resolve("index"))) {
      return all.filter(path ->
              path.getFileName()
                  .toString()
                  .startsWith("mekiki.index-" + Topics.shortId(generation)))
          .toList();
    }
  }

  private static Path withCenter(SampleSet photos) throws IOException {
    Path pictures = Files.createDirectories(directory.resolve("new-class"));
    for (SamplePicture picture : photos.pictures().subList(0, 5)) {
      Files.write(pictures.resolve(picture.id().replace('/', '-')), photos.bytes(picture));
    }
    Path bundle = directory.resolve("added.mekiki");
    Execution added =
        Execution.of(
            "centers",
            "add",
            "built-in",
            "--images",
            pictures.toString(),
            "--label",
            "something new",
            "--out",
            bundle.toString());
    assertThat(added.exitCode()).as(added.err()).isEqualTo(ExitCode.OK);
    return bundle;
  }

  private static void put(
      InProcess mekiki, SampleSet photos, List<SamplePicture> pictures, List<String> ids)
      throws IOException, InterruptedException {
    for (SamplePicture picture : List.copyOf(pictures)) {
      mekiki.api().put(picture.id(), photos.bytes(picture), Map.of(), false);
      ids.add(picture.id());
    }
    await().atMost(LIMIT).until(() -> mekiki.api().status().getImages() == ids.size());
  }

  private static Execution generation(String kafka, String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command, "--bootstrap", kafka));
    all.addAll(List.of(arguments));
    if (command.equals("prepare")) {
      all.add("--json");
    }
    return Execution.ofCommand("generation", all.toArray(String[]::new));
  }

  private static JsonNode line(String kafka, String generation) throws IOException {
    Execution list = generation(kafka, "list", "--json", "--balance");
    assertThat(list.exitCode()).as(list.err()).isEqualTo(ExitCode.OK);
    for (String line : list.out().lines().toList()) {
      JsonNode read = new JsonMapper().readTree(line);
      if (read.get("generation").asText().equals(generation)) {
        return read;
      }
    }
    throw new AssertionError(list.out());
  }

  /// Codes that encoders have ever written.
  private static long encoded(String kafka) {
    long codes = 0;
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
      List<TopicPartition> partitions =
          consumer.listTopics().entrySet().stream()
              .filter(topic -> topic.getKey().startsWith("mekiki.image-codes-"))
              .flatMap(topic -> topic.getValue().stream())
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          codes += CutMarker.number(record.headers()).isEmpty() ? 1 : 0;
        }
      }
    }
    return codes;
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String kafka) {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", kafka, "isolation.level", "read_committed"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /// Somebody who searches without a pause, and takes no partial answer.
  private static final class Searches implements AutoCloseable {
    private final List<String> generations = new CopyOnWriteArrayList<>();
    private final AtomicBoolean ends = new AtomicBoolean();
    private final CompletableFuture<Void> searching;

    Searches(MekikiClient api, String id) {
      SearchRequest request =
          SearchRequest.newBuilder().setId(id).setK(5).setRequireComplete(true).build();
      searching =
          CompletableFuture.runAsync(() -> {
            while (!ends.get()) {
              SearchResponse response = api.search(request);
              assertThat(response.getComplete()).isTrue();
              assertThat(response.getHitsCount()).isEqualTo(5);
              if (generations.isEmpty()
                  || !generations.getLast().equals(response.getGeneration())) {
                generations.add(response.getGeneration());
              }
            }
          });
    }

    void awaitAnswersOf(String generation) {
      await()
          .atMost(LIMIT)
          .until(() -> searching.isDone() || generations.getLast().equals(generation));
      assertThat(searching).isNotDone();
    }

    /// The generations that answered, in their order.
    List<String> end() {
      ends.set(true);
      assertThat(searching).succeedsWithin(LIMIT);
      return generations;
    }

    @Override
    public void close() {
      ends.set(true);
    }
  }
}
