package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mekiki.runtime.StartException;
import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import dev.mekiki.schemas.v1.Match;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was there before a restart is there after it.
class RestartIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private Path data;

  @Test
  void stateIsKeptAndAnotherRadiusIsRefused() throws Exception {
    SampleSet photos = TestPictures.photos(200, 10);
    List<String> ids = new ArrayList<>();
    List<Match> before;
    try (InProcess first = new InProcess(data, Map.of());
        MatchLog matches = new MatchLog(first.bootstrapServers())) {
      for (SamplePicture picture : photos.pictures()) {
        first.api().put(picture.id(), photos.bytes(picture), Map.of(), false);
        ids.add(picture.id());
      }
      await().atMost(LIMIT).until(() -> first.api().status().getImages() == ids.size());
      before = matches.readUntilQuiet();

      assertThatThrownBy(() -> new InProcess(data, Map.of()).close())
          .isInstanceOf(StartException.class)
          .hasMessageContaining("is in use")
          .hasMessageContaining(data.toString());
    }

    assertThatThrownBy(
            () -> new InProcess(data, Map.of("mekiki.generation.partitions", "6")).close())
        .isInstanceOf(StartException.class)
        .hasMessageContaining("6 partitions")
        .hasMessageContaining("8 partitions")
        .hasMessageContaining("--reindex");

    try (InProcess second = new InProcess(data, Map.of());
        MatchLog matches = new MatchLog(second.bootstrapServers())) {
      await().atMost(LIMIT).until(() -> second.api().status().getImages() == ids.size());
      SamplePicture original = photos.pictures().getFirst();
      second.api().put("after-the-restart", photos.bytes(original), Map.of(), false);
      ids.add("after-the-restart");
      await()
          .atMost(LIMIT)
          .until(() ->
              matches.read().stream()
                  .anyMatch(match ->
                      Set.of(match.getLater().getId(), match.getEarlier().getId())
                          .equals(Set.of("after-the-restart", original.id()))));
      List<Match> after = matches.readUntilQuiet();

      assertThat(after).containsAll(before);
      Oracle oracle = new Oracle(second.api(), ids);
      oracle.assertMatchesAreExactlyThePairs(after);
      oracle.assertSearchByIdIsExact(second.api(), original.id(), 5);
    }
  }
}
