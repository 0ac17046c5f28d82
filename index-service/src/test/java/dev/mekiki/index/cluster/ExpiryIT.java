package dev.mekiki.index.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.index.World;
import dev.mekiki.schemas.v1.GetPlacedImageRequest;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.SearchHit;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Images that were deleted or have expired, while an instance is killed, loses its state and
/// restores it.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "starts processes; run with -Dmekiki.tests.long=true")
class ExpiryIT {
  /// Within which an expired image must be gone.
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final World world = World.random(new Random(9), 6, 4);
  private final HashCode fingerprint = World.fingerprint(new Random(10));
  @TempDir private Path directory;
  private long offset;

  @Test
  void whatWasDeletedOrHasExpiredNeverReturnsWhateverIsRestored() throws IOException {
    Path state = directory.resolve("state");
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("broker")));
        Cluster cluster = new Cluster(broker.bootstrapServers(), "expiry", world)) {
      long soon;
      IndexProcess first = IndexProcess.start(cluster.configuration(state));
      try {
        cluster.awaitHosts(first.address());
        cluster.write("kept", image(null));
        cluster.write("deleted", image(null));
        soon = System.currentTimeMillis() + 6_000;
        cluster.write("expired", image(soon));
        await(cluster, first, Set.of("kept", "deleted", "expired"));
        cluster.write("deleted", null);
        await(cluster, first, Set.of("kept"));
        assertThat(System.currentTimeMillis()).isGreaterThan(soon);

        // This one ends while no instance runs.
        soon = System.currentTimeMillis() + 5_000;
        cluster.write("ends meanwhile", image(soon));
        await(cluster, first, Set.of("kept", "ends meanwhile"));
        awaitPairs(
            cluster, "deleted+kept", "deleted+expired", "expired+kept", "ends meanwhile+kept");
      } finally {
        first.kill();
      }
      deleteAll(state);
      cluster.write("written while nobody read", image(soon));
      long end = soon;
      Awaitility.await().until(() -> System.currentTimeMillis() > end);
      cluster.write("later", image(null));

      try (IndexProcess second = IndexProcess.start(cluster.configuration(state))) {
        cluster.awaitHosts(second.address());
        await(cluster, second, Set.of("kept", "later"));
        cluster.write("newest", image(null));
        awaitPairs(
            cluster,
            "deleted+kept",
            "deleted+expired",
            "expired+kept",
            "ends meanwhile+kept",
            "kept+later",
            "kept+newest",
            "later+newest");
      }
    }
  }

  /// Waits until these pairs were reported, each once, and checks that no other was.
  private static void awaitPairs(Cluster cluster, String... expected) {
    Awaitility.await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(pairs(cluster.matches())).containsExactlyInAnyOrder(expected));
  }

  /// Waits until exactly these images are found, by id and by a search.
  private void await(Cluster cluster, IndexProcess process, Set<String> expected) {
    Awaitility.await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> {
          Set<String> found =
              Stream.of(
                      "kept",
                      "deleted",
                      "expired",
                      "ends meanwhile",
                      "written while nobody read",
                      "later")
                  .filter(id -> isKnown(cluster, process, id))
                  .collect(Collectors.toSet());
          assertThat(found).isEqualTo(expected);
          assertThat(cluster.found(world.geometry().centers().center(0), fingerprint))
              .extracting(SearchHit::getImageId)
              .containsExactlyInAnyOrderElementsOf(expected);
        });
  }

  private static boolean isKnown(Cluster cluster, IndexProcess process, String id) {
    try {
      return cluster
          .client(process.address())
          .getImage(GetPlacedImageRequest.newBuilder().setImageId(id).build())
          .hasImage();
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).as(id).isEqualTo(Status.Code.NOT_FOUND);
      return false;
    }
  }

  private static List<String> pairs(List<Match> matches) {
    return matches.stream()
        .map(match ->
            Stream.of(match.getEarlier().getId(), match.getLater().getId())
                .sorted()
                .collect(Collectors.joining("+")))
        .toList();
  }

  private ImageCode image(@Nullable Long expires) {
    offset++;
    // All look alike, at homes of their own.
    HashCode code = world.geometry().centers().center((int) (offset % 4));
    ImageCode.Builder image =
        World.image(code, fingerprint, "content " + offset, offset)
            .setImageTime(Timestamps.fromMillis(System.currentTimeMillis()));
    if (expires != null) {
      image.setExpireTime(Timestamps.fromMillis(expires));
    }
    return image.build();
  }

  private static void deleteAll(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
