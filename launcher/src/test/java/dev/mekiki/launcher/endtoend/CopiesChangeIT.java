package dev.mekiki.launcher.endtoend;

import static dev.mekiki.launcher.endtoend.TestPictures.file;
import static dev.mekiki.launcher.endtoend.TestPictures.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mekiki.launcher.command.Execution;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.Match;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Copies that only an alignment finds, while generations change: each pair is reported once, by
/// the generation that was active when the later image came, and one that is retired leaves
/// nothing.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes a minute; run with -Dmekiki.tests.long=true")
class CopiesChangeIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int PHOTOS = 6;
  @TempDir private Path data;

  @Test
  void eachCopyIsReportedOnceOverACut() throws Exception {
    List<byte[]> photos = TestPictures.originals(200, PHOTOS);
    int encoder = KillIT.freePort();
    Map<String, String> settings =
        Map.of(
            "mekiki.match.copies", "on",
            "mekiki.topics.landmark-partitions", "2",
            "mekiki.encoder.port", Integer.toString(encoder));
    try (InProcess mekiki = new InProcess(data, settings);
        MatchLog matches = new MatchLog(mekiki.bootstrapServers())) {
      for (int i = 0; i < photos.size(); i++) {
        mekiki.api().put("photo-" + i, photos.get(i), Map.of(), false);
      }
      put(mekiki, "first", photos.get(0));
      Map<String, String> reporters = new HashMap<>();
      String live = mekiki.api().status().getGeneration();
      reporters.put("first", live);
      awaitCopy(matches, "first");

      String next =
          generation(mekiki, "prepare", "built-in", "--partitions", "3").get("generation").asText();
      awaitReady(mekiki, next);
      put(mekiki, "second", photos.get(1));
      reporters.put("second", live);
      awaitCopy(matches, "second");
      awaitReady(mekiki, next);
      var _ = generation(mekiki, "activate", next);
      put(mekiki, "third", photos.get(2));
      reporters.put("third", next);
      awaitCopy(matches, "third");
      var _ = generation(mekiki, "rollback");
      put(mekiki, "fourth", photos.get(3));
      reporters.put("fourth", live);
      awaitCopy(matches, "fourth");
      var _ = generation(mekiki, "activate", next);
      JsonNode retired = generation(mekiki, "retire", live, "--yes");
      assertThat(retired.get("topics").toString())
          .contains("mekiki.landmark-probes-" + Topics.shortId(live))
          .doesNotContain("image-landmarks");
      put(mekiki, "fifth", photos.get(4));
      reporters.put("fifth", next);
      awaitCopy(matches, "fifth");

      Map<String, String> reported = new HashMap<>();
      for (Match match : matches.readUntilQuiet()) {
        assertThat(match.getDecidedBy()).isEqualTo(DecidedBy.ALIGNMENT);
        assertThat(reported.put(match.getLater().getId(), match.getGeneration()))
            .as("reported twice: %s", match)
            .isNull();
      }
      assertThat(reported).isEqualTo(reporters);
      assertThat(Metrics.of("127.0.0.1:" + encoder))
          .as("markers are no codes that are of no use")
          .containsPattern("landmarks_images_total\\{result=\"DEFECTIVE\"[^}]*} 0\\.0");
    }
  }

  /// Puts a part of a photo.
  private static void put(InProcess mekiki, String id, byte[] photo) throws IOException {
    BufferedImage picture = picture(photo);
    int width = picture.getWidth();
    int height = picture.getHeight();
    mekiki
        .api()
        .put(
            id,
            file(picture.getSubimage(width / 8, height / 8, width * 3 / 4, height * 3 / 4)),
            Map.of(),
            false);
  }

  private static void awaitCopy(MatchLog matches, String id) {
    await()
        .atMost(LIMIT)
        .until(() ->
            matches.readUntilQuiet().stream()
                .anyMatch(match -> match.getLater().getId().equals(id)));
  }

  private static void awaitReady(InProcess mekiki, String generation) {
    await()
        .atMost(LIMIT)
        .until(() -> {
          for (String line : run(mekiki, "list").out().lines().toList()) {
            JsonNode read = new JsonMapper().readTree(line);
            if (read.get("generation").asText().equals(generation)) {
              return read.get("is_ready").asBoolean() && read.get("arrivals_left").asInt() == 0;
            }
          }
          return false;
        });
  }

  private static JsonNode generation(InProcess mekiki, String... command) throws IOException {
    return run(mekiki, command).json();
  }

  private static Execution run(InProcess mekiki, String... command) {
    String[] all = new String[command.length + 3];
    all[0] = command[0];
    all[1] = "--bootstrap";
    all[2] = mekiki.bootstrapServers();
    System.arraycopy(command, 1, all, 3, command.length - 1);
    all[command.length + 2] = "--json";
    Execution done = Execution.ofCommand("generation", all);
    assertThat(done.exitCode()).as(done.err()).isEqualTo(ExitCode.OK);
    return done;
  }
}
