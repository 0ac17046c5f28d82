package dev.mekiki.index.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.index.World;
import dev.mekiki.schemas.v1.GetPlacedImageRequest;
import dev.mekiki.schemas.v1.GetPlacedImageResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Images are asked for by id while instances are killed, lose their state and restore it.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes minutes; run with -Dmekiki.tests.long=true")
class LookupDuringRestartsIT {
  private static final int PARTITIONS = 4;
  private static final int IMAGES = 2_000;

  /// More of them with `-Dmekiki.restarts=N`.
  private static final int RESTARTS = Integer.getInteger("mekiki.restarts", 2);

  @TempDir private Path directory;

  @Test
  void noInstanceDeniesAnImageThatIsIndexed() throws IOException {
    World world = World.random(new Random(9), 6, PARTITIONS);
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("broker")));
        Cluster cluster = new Cluster(broker.bootstrapServers(), "lookup", world)) {
      Map<String, String> first = onFixedPort(cluster, directory.resolve("1"));
      Map<String, String> second = onFixedPort(cluster, directory.resolve("2"));
      IndexProcess killed = IndexProcess.start(first);
      try (IndexProcess survivor = IndexProcess.start(second)) {
        cluster.awaitHosts(killed.address(), survivor.address());
        for (int i = 0; i < IMAGES; i++) {
          cluster.write(id(i), image(world, i));
        }
        List<String> addresses = List.of(killed.address(), survivor.address());
        awaitIndexed(cluster, addresses);

        try (Polling polling = new Polling(cluster, addresses)) {
          for (int restart = 0; restart < RESTARTS; restart++) {
            killed.kill();
            cluster.awaitHosts(survivor.address());
            deleteAll(directory.resolve("1"));
            killed = IndexProcess.start(first);
            cluster.awaitHosts(killed.address(), survivor.address());
          }
          assertThat(polling.denied).isEmpty();
          assertThat(polling.found.get()).isPositive();
          System.out.printf(
              "%d restarts of an instance without its state: %d lookups found the image, %d of them"
                  + " in a standby, %d got no answer, 0 were denied%n",
              RESTARTS, polling.found.get(), polling.standby.get(), polling.unanswered.get());
        }
      } finally {
        killed.close();
      }
    }
  }

  private static String id(int number) {
    return "image " + number;
  }

  private static dev.mekiki.schemas.v1.ImageCode image(World world, int number) {
    Random random = new Random(number);
    return World.image(world.nearCenter(random, 0.3), World.fingerprint(random), id(number), number)
        .build();
  }

  private static Map<String, String> onFixedPort(Cluster cluster, Path state) throws IOException {
    Map<String, String> configuration = new HashMap<>(cluster.configuration(state));
    try (ServerSocket free = new ServerSocket(0)) {
      configuration.put("mekiki.index.port", Integer.toString(free.getLocalPort()));
    }
    return configuration;
  }

  private static void awaitIndexed(Cluster cluster, List<String> addresses) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> {
          for (int i = 0; i < IMAGES; i++) {
            String id = id(i);
            assertThat(addresses).anyMatch(address -> isKnown(cluster, address, id));
          }
        });
  }

  private static boolean isKnown(Cluster cluster, String address, String id) {
    try {
      return cluster.client(address).getImage(request(id)).hasImage();
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  private static GetPlacedImageRequest request(String id) {
    return GetPlacedImageRequest.newBuilder().setImageId(id).build();
  }

  private static void deleteAll(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /// Asks each instance for one image after the other, on a thread for each.
  private static final class Polling implements AutoCloseable {
    final Queue<String> denied = new ConcurrentLinkedQueue<>();
    final AtomicLong found = new AtomicLong();
    final AtomicLong standby = new AtomicLong();
    final AtomicLong unanswered = new AtomicLong();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Thread> threads;

    Polling(Cluster cluster, List<String> addresses) {
      threads =
          addresses.stream()
              .map(address -> Thread.ofVirtual().start(() -> poll(cluster, address)))
              .toList();
    }

    private void poll(Cluster cluster, String address) {
      for (int i = 0; !stopped.get(); i++) {
        String id = id(i % IMAGES);
        try {
          GetPlacedImageResponse response =
              cluster.client(address).withWaitForReady().getImage(request(id));
          found.incrementAndGet();
          if (response.getStandby()) {
            standby.incrementAndGet();
          }
        } catch (StatusRuntimeException e) {
          if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
            denied.add(address + ": " + e.getMessage());
          } else {
            unanswered.incrementAndGet();
          }
        }
      }
    }

    @Override
    public void close() {
      stopped.set(true);
      for (Thread thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
  }
}
