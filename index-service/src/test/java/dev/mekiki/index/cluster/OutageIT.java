package dev.mekiki.index.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.index.IndexService;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.index.World;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// The broker, or the instance, is away for longer than any timeout between them.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes minutes; run with -Dmekiki.tests.long=true")
class OutageIT {
  private static final int PARTITIONS = 4;

  /// Beyond the session, which is the transaction's timeout too.
  private static final Duration AWAY = Duration.ofSeconds(9);

  @TempDir private Path directory;

  @Test
  void instanceOutlivesItsBroker() throws IOException {
    long seed = Seeds.seed(OutageIT.class);
    World world = World.random(new Random(seed), 6, PARTITIONS);
    Workload workload = new Workload(world, seed, 200, 40, 3);
    BrokerSettings settings =
        new BrokerSettings(directory.resolve("broker"), "127.0.0.1", freePort());
    EmbeddedBroker broker = EmbeddedBroker.start(settings);
    try (Cluster cluster = new Cluster(broker.bootstrapServers(), "outage", world);
        IndexService service = cluster.start(directory.resolve("state"))) {
      cluster.awaitHosts(service.address());
      for (int outage = 0; outage < 2; outage++) {
        // In the middle of transactions.
        cluster.write(workload.next(400));
        broker.close();
        pass(AWAY);
        broker = EmbeddedBroker.start(settings);
        cluster.write(workload.next(200));
        Cluster.awaitReady(service);
        cluster.awaitHosts(service.address());
        cluster.checkMatches(workload);
        assertThat(service.failure().toCompletableFuture()).isNotDone();
      }
      cluster.checkSearches(workload, 20);
    } finally {
      broker.close();
    }
  }

  @Test
  void instanceOutlivesBeingFrozen() throws IOException {
    long seed = Seeds.seed(OutageIT.class);
    World world = World.random(new Random(seed), 6, PARTITIONS);
    Workload workload = new Workload(world, seed, 200, 40, 3);
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("broker")));
        Cluster cluster = new Cluster(broker.bootstrapServers(), "frozen", world);
        IndexProcess frozen = IndexProcess.start(cluster.configuration(directory.resolve("1")));
        IndexProcess other = IndexProcess.start(cluster.configuration(directory.resolve("2")))) {
      cluster.awaitHosts(frozen.address(), other.address());
      cluster.write(workload.next(400));
      frozen.signal("STOP");
      cluster.write(workload.next(200));
      cluster.awaitHosts(other.address());
      pass(AWAY);
      frozen.signal("CONT");
      cluster.awaitHosts(frozen.address(), other.address());
      cluster.write(workload.next(200));
      cluster.checkMatches(workload);
      cluster.checkSearches(workload, 20);
      assertThat(frozen.isAlive()).isTrue();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  /// The length of the outage is what is tried here.
  private static void pass(Duration time) {
    new CompletableFuture<Void>()
        .completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }
}
