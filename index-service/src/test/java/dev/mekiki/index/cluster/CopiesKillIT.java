package dev.mekiki.index.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.index.MadeUpLandmarks;
import dev.mekiki.index.World;
import dev.mekiki.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Index instances that look for copies are killed while they do: each pair is passed on once.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes minutes; run with -Dmekiki.tests.long=true")
class CopiesKillIT {
  private static final int PICTURES = 60;

  /// Images that show each picture.
  private static final int COPIES = 3;

  @TempDir private Path directory;

  @Test
  void eachPairIsPassedOnOnce() {
    long seed = Seeds.seed(CopiesKillIT.class);
    World world = World.random(new Random(seed), 6, 4);
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("broker")));
        Cluster cluster = new Cluster(broker.bootstrapServers(), "copies", world)) {
      IndexProcess first = start(cluster, "1");
      try (IndexProcess second = start(cluster, "2");
          CandidateLog pairs = new CandidateLog(cluster, new Topics("copies."))) {
        cluster.awaitHosts(first.address(), second.address());
        send(cluster, world, 0);
        send(cluster, world, 1);
        Awaitility.await().until(() -> !pairs.read().isEmpty());
        // In the middle of a transaction, most likely.
        first.kill();
        send(cluster, world, 2);
        first = start(cluster, "1");
        cluster.awaitHosts(first.address(), second.address());

        Set<Set<String>> expected = expected();
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> new HashSet<>(ids(pairs)).containsAll(expected));
        assertThat(ids(pairs)).hasSameSizeAs(expected);
      } finally {
        first.close();
      }
    }
  }

  private static List<Set<String>> ids(CandidateLog pairs) {
    return pairs.read().stream()
        .map(pair -> Set.of(pair.getSoughtId(), pair.getFoundId()))
        .toList();
  }

  private static String id(int copy, int picture) {
    return "image %d of %d".formatted(copy, picture);
  }

  private static Set<Set<String>> expected() {
    Set<Set<String>> pairs = new HashSet<>();
    for (int picture = 0; picture < PICTURES; picture++) {
      for (int a = 0; a < COPIES; a++) {
        for (int b = a + 1; b < COPIES; b++) {
          pairs.add(Set.of(id(a, picture), id(b, picture)));
        }
      }
    }
    return pairs;
  }

  private static void send(Cluster cluster, World world, int copy) {
    String topic = new Topics("copies.").imageLandmarks(World.NETWORK);
    for (int picture = 0; picture < PICTURES; picture++) {
      String id = id(copy, picture);
      cluster.write(
          new ProducerRecord<>(
              topic,
              id.getBytes(StandardCharsets.UTF_8),
              MadeUpLandmarks.showing(
                      world.geometry().centers().center(picture % 6),
                      picture,
                      id,
                      copy * PICTURES + picture)
                  .toByteArray()));
    }
    cluster.flush();
  }

  private IndexProcess start(Cluster cluster, String name) {
    Map<String, String> configuration =
        new HashMap<>(cluster.configuration(directory.resolve(name)));
    configuration.put("mekiki.match.copies", "on");
    configuration.put("mekiki.topics.landmark-partitions", "3");
    return IndexProcess.start(configuration);
  }
}
