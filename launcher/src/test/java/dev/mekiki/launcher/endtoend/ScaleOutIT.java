package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.client.MekikiClient;
import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.encoder.EncoderService;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.index.IndexService;
import dev.mekiki.launcher.process.Closing;
import dev.mekiki.query.QueryConfig;
import dev.mekiki.query.QueryService;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import dev.mekiki.schemas.v1.IndexInstance;
import dev.mekiki.schemas.v1.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Two encoders and two index processes on one broker give what one of each gives, and one index
/// process takes over from the other.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes minutes; run with -Dmekiki.tests.long=true")
class ScaleOutIT {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Pattern ENCODED =
      Pattern.compile("^mekiki_encoder_images_total(?:\\{[^}]*})? (\\S+)$", Pattern.MULTILINE);

  @TempDir private Path directory;

  @Test
  void twoShareTheWorkAndOneTakesOverFromTheOther() throws Exception {
    try (Closing parts = Closing.atExit()) {
      EmbeddedBroker broker =
          parts.add(EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("broker"))));
      EncoderService encoderA = parts.add(encoder(broker, "a"));
      EncoderService encoderB = parts.add(encoder(broker, "b"));
      IndexService indexA =
          parts.add(
              IndexService.start(
                  configuration(
                          broker,
                          Map.of(
                              "mekiki.index.port",
                              "0",
                              "mekiki.index.state-dir",
                              directory.resolve("index-a").toString()))
                      .get(IndexConfig.class)));
      CommandLineProcess indexB = parts.add(indexProcess(broker));
      QueryService query = parts.add(query(broker, encoderA, indexA));
      MekikiClient api = parts.add(MekikiClient.of(query.address()));
      MatchLog matches = parts.add(new MatchLog(broker.bootstrapServers()));
      await().atMost(LIMIT).untilAsserted(() -> assertThatBothIndexInstancesAreActive(api));
      await().atMost(LIMIT).until(() -> encoderA.isReady() && encoderB.isReady());

      SampleSet photos = TestPictures.photos(400, 30);
      List<String> ids = new ArrayList<>();
      for (SamplePicture picture : photos.pictures()) {
        api.put(picture.id(), photos.bytes(picture), Map.of(), false);
        ids.add(picture.id());
      }
      await().atMost(LIMIT).until(() -> api.status().getImages() == ids.size());
      Oracle oracle = new Oracle(api, ids);
      oracle.assertMatchesAreExactlyThePairs(matches.readUntilQuiet());
      for (String id : ids.subList(0, 10)) {
        oracle.assertSearchByIdIsExact(api, id, 10);
      }
      assertThat(encodedImages(encoderA)).isPositive();
      assertThat(encodedImages(encoderB)).isPositive();

      indexB.kill();

      await()
          .atMost(LIMIT)
          .ignoreExceptionsInstanceOf(RuntimeException.class)
          .untilAsserted(() -> assertThatOneIndexInstanceHasAll(api));
      await().atMost(LIMIT).until(() -> api.status().getImages() == ids.size());
      for (String id : ids.subList(0, 10)) {
        oracle.assertSearchByIdIsExact(api, id, 10);
      }
      for (SamplePicture picture : photos.pictures()) {
        if (picture.isIdenticalCopy()) {
          api.put("late/" + picture.id(), photos.bytes(picture), Map.of(), false);
          ids.add("late/" + picture.id());
        }
      }
      await().atMost(LIMIT).until(() -> api.status().getImages() == ids.size());
      new Oracle(api, ids).assertMatchesAreExactlyThePairs(matches.readUntilQuiet());
    }
  }

  private static void assertThatBothIndexInstancesAreActive(MekikiClient api) {
    Status status = api.status();
    assertThat(status.getMissingPartitionsList()).isEmpty();
    assertThat(status.getInstancesList())
        .hasSize(2)
        .allSatisfy(instance -> {
          assertThat(instance.getActivePartitionsList()).isNotEmpty();
          assertThat(instance.getStandbyPartitionsList()).isNotEmpty();
        });
  }

  private static void assertThatOneIndexInstanceHasAll(MekikiClient api) {
    Status status = api.status();
    assertThat(status.getMissingPartitionsList()).isEmpty();
    assertThat(
            status.getInstancesList().stream()
                .map(IndexInstance::getActivePartitionsCount)
                .filter(count -> count > 0))
        .containsExactly(status.getPartitions());
  }

  private EncoderService encoder(EmbeddedBroker broker, String instance) {
    return EncoderService.start(
        configuration(
                broker, Map.of("mekiki.encoder.port", "0", "mekiki.encoder.instance-id", instance))
            .get(EncoderConfig.class));
  }

  private CommandLineProcess indexProcess(EmbeddedBroker broker) throws IOException {
    CommandLineProcess process =
        CommandLineProcess.start(
            directory.resolve("index-b.log"),
            "index",
            "--bootstrap",
            broker.bootstrapServers(),
            "--set",
            "mekiki.index.port=0",
            "--set",
            "mekiki.index.state-dir=" + directory.resolve("index-b"));
    process.awaitLine("listens at");
    return process;
  }

  private static QueryService query(
      EmbeddedBroker broker, EncoderService encoder, IndexService index) {
    return QueryService.start(
        configuration(
                broker,
                Map.of(
                    "mekiki.query.port", "0",
                    "mekiki.query.encoder-addresses", encoder.address(),
                    "mekiki.query.index-addresses", index.address()))
            .get(QueryConfig.class));
  }

  private static Configuration configuration(EmbeddedBroker broker, Map<String, String> values) {
    Map<String, String> all = new HashMap<>(values);
    all.put("mekiki.kafka.bootstrap-servers", broker.bootstrapServers());
    return InProcess.configurations(all).load(Map.of(), Map.of());
  }

  /// Images that an encoder has committed codes of, by its own metrics.
  private static double encodedImages(EncoderService encoder)
      throws IOException, InterruptedException {
    String metrics = Metrics.of(encoder.address());
    Matcher matcher = ENCODED.matcher(metrics);
    assertThat(matcher.find()).as("a count of images in %s", metrics).isTrue();
    return Double.parseDouble(matcher.group(1));
  }
}
