package dev.mekiki.index.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.index.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Two index processes, one of which is killed while it works.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes minutes; run with -Dmekiki.tests.long=true")
class IndexKillIT {
  private static final int PARTITIONS = 4;

  /// More of them with `-Dmekiki.kills=N`.
  private static final int KILLS = Integer.getInteger("mekiki.kills", 2);

  @TempDir private Path directory;

  @Test
  void survivorTakesOverAndNothingIsLostOrReportedTwice() {
    long seed = Seeds.seed(IndexKillIT.class);
    World world = World.random(new Random(seed), 6, PARTITIONS).splitting();
    Workload workload = new Workload(world, seed, 400, 60, 3);
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("broker")));
        Cluster cluster = new Cluster(broker.bootstrapServers(), "kill", world);
        IndexProcess victim = IndexProcess.start(cluster.configuration(directory.resolve("1")));
        IndexProcess survivor = IndexProcess.start(cluster.configuration(directory.resolve("2")))) {
      cluster.awaitHosts(victim.address(), survivor.address());
      cluster.write(workload.next(1000));
      Awaitility.await().until(() -> !cluster.matches().isEmpty());

      // In the middle of a transaction, most likely: the processes are busy with these.
      cluster.write(workload.next(1000));
      victim.kill();
      long killed = System.nanoTime();
      cluster.write(workload.next(500));
      cluster.awaitHosts(survivor.address());
      long hosted = System.nanoTime();
      cluster.checkMatches(workload);
      long emitted = System.nanoTime();
      System.out.printf(
          "after kill -9 of one of two index processes: all partitions active on the other after"
              + " %.1f s, every final pair emitted after %.1f s%n",
          (hosted - killed) / 1e9, (emitted - killed) / 1e9);

      cluster.checkSearches(workload, 30);
      assertThat(Duration.ofNanos(emitted - killed)).isLessThan(Duration.ofSeconds(30));
    }
  }

  @Test
  void threeInstancesThatAreKilledInTurnReportEachPairOnce() {
    long seed = Seeds.seed(IndexKillIT.class);
    Random random = new Random(seed);
    World world = World.random(random, 12, 6);
    Workload workload = new Workload(world, seed, 400, 60, 3);
    IndexProcess[] processes = new IndexProcess[3];
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("broker")));
        Cluster cluster = new Cluster(broker.bootstrapServers(), "kills", world)) {
      try {
        for (int i = 0; i < processes.length; i++) {
          processes[i] = start(cluster, i);
        }
        for (int round = 0; round < KILLS; round++) {
          int reported = cluster.matches().size();
          cluster.write(workload.next(600));
          // Some of it is processed, with probes in flight between all three; some is aborted.
          int wanted = reported + 1 + random.nextInt(60);
          Awaitility.await()
              .atMost(Duration.ofSeconds(60))
              .pollInterval(Duration.ofMillis(5))
              .until(() -> cluster.matches().size() >= wanted);
          int victim = round % processes.length;
          processes[victim].kill();
          cluster.write(workload.next(200));
          // Tasks move twice: away from the dead, and to the one that comes back.
          processes[victim] = start(cluster, victim);
        }
        cluster.awaitHosts(processes[0].address(), processes[1].address(), processes[2].address());
        cluster.checkMatches(workload);
        cluster.checkSearches(workload, 30);
      } finally {
        for (IndexProcess process : processes) {
          if (process != null) {
            process.close();
          }
        }
      }
    }
  }

  private IndexProcess start(Cluster cluster, int number) {
    return IndexProcess.start(cluster.configuration(directory.resolve(Integer.toString(number))));
  }
}
