package dev.mekiki.launcher.endtoend;

import static dev.mekiki.launcher.endtoend.TestPictures.file;
import static dev.mekiki.launcher.endtoend.TestPictures.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mekiki.client.PolicyClient;
import dev.mekiki.schemas.v1.CreateMuteRequest;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.Rematch;
import dev.mekiki.schemas.v1.Rematch.State;
import dev.mekiki.schemas.v1.StartRematchRequest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Copies that only an alignment finds, and whose mute is removed: a rematch reports them, once.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes half a minute; run with -Dmekiki.tests.long=true")
class CopiesRematchIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int PHOTOS = 6;

  private static final Map<String, String> ON =
      Map.of("mekiki.match.copies", "on", "mekiki.topics.landmark-partitions", "2");

  @TempDir private Path data;

  @Test
  void copiesThatWereMutedAreReportedOnceByARematch() throws Exception {
    List<byte[]> photos = TestPictures.originals(200, PHOTOS);
    try (InProcess mekiki = new InProcess(data, ON);
        MatchLog matches = new MatchLog(mekiki.bootstrapServers())) {
      PolicyClient policy = mekiki.api().policy();
      Mute mute =
          policy.create(
              CreateMuteRequest.newBuilder().setAuthor("ann").setImageId("muted-crop").build());
      for (int i = 0; i < photos.size(); i++) {
        mekiki.api().put("photo-" + i, photos.get(i), Map.of(), false);
      }
      await().atMost(LIMIT).until(() -> mekiki.api().status().getImages() >= photos.size());
      mekiki.api().put("muted-crop", crop(photos.getFirst()), Map.of(), false);
      mekiki.api().put("crop", crop(photos.get(1)), Map.of(), false);
      await().atMost(LIMIT).until(() -> copies(matches).contains("crop of photo-1"));
      // Both went the same way, which takes one of them no longer than the other.
      assertThat(copies(matches)).containsExactly("crop of photo-1");

      Mute _ = policy.deleteMute(mute.getId());
      Rematch first = rematch(policy);
      assertThat(first.getCandidates()).isPositive();
      assertThat(copies(matches))
          .containsExactlyInAnyOrder("crop of photo-1", "muted-crop of photo-0");

      // Nothing was decided since.
      Rematch second = rematch(policy);
      assertThat(second.getKnown()).isGreaterThanOrEqualTo(2);
      assertThat(matches.readUntilQuiet()).extracting(Match::getEventId).doesNotHaveDuplicates();
      assertThat(copies(matches)).hasSize(2);
    }
  }

  private static Rematch rematch(PolicyClient policy) {
    Rematch begun =
        policy.start(StartRematchRequest.newBuilder().setAuthor("ann").setRate(1000).build());
    await()
        .atMost(LIMIT)
        .until(() ->
            policy.rematch().getId().equals(begun.getId())
                && policy.rematch().getState() != State.PREPARING
                && policy.rematch().getState() != State.RUNNING);
    Rematch ended = policy.rematch();
    assertThat(ended.getState()).as(ended.getMessage()).isEqualTo(State.DONE);
    return ended;
  }

  private static List<String> copies(MatchLog matches) {
    return matches.read().stream()
        .filter(match -> match.getDecidedBy() == DecidedBy.ALIGNMENT)
        .map(match -> match.getLater().getId() + " of " + match.getEarlier().getId())
        .toList();
  }

  private static byte[] crop(byte[] photo) throws IOException {
    BufferedImage whole = picture(photo);
    int width = whole.getWidth();
    int height = whole.getHeight();
    return file(whole.getSubimage(width / 8, height / 8, width * 3 / 4, height * 3 / 4));
  }
}
