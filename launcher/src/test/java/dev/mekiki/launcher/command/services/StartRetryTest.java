package dev.mekiki.launcher.command.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.kafka.BrokerProbe;
import dev.mekiki.runtime.kafka.KafkaClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartRetryTest {
  @TempDir private Path directory;

  private final AtomicInteger attempts = new AtomicInteger();

  @Test
  void aBrokerThatIsThereLaterIsReached() throws Exception {
    int port = freePort();
    CompletableFuture<EmbeddedBroker> broker =
        CompletableFuture.supplyAsync(() -> {
          while (attempts.get() < 2) {
            Thread.onSpinWait();
          }
          return EmbeddedBroker.start(new BrokerSettings(directory, "127.0.0.1", port));
        });

    String cluster =
        StartRetry.whileKafkaIsAway(Duration.ofMinutes(2), () -> probe("127.0.0.1:" + port));

    try (EmbeddedBroker started = broker.get()) {
      assertThat(cluster).isEqualTo(started.clusterId());
    }
  }

  @Test
  void aBrokerThatIsNotThereInTimeIsSaidToBeAway() throws Exception {
    String address = "127.0.0.1:" + freePort();

    assertThatThrownBy(
            () -> StartRetry.whileKafkaIsAway(Duration.ofMillis(1), () -> probe(address)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("does not answer");
    assertThat(attempts).hasValue(1);
  }

  @Test
  void whatIsNoOutageIsNotTriedAgain() {
    assertThatThrownBy(
            () -> StartRetry.whileKafkaIsAway(Duration.ofMinutes(2), () -> probe("no address")))
        .isInstanceOf(StartException.class);
    assertThat(attempts).hasValue(1);
  }

  private String probe(String address) {
    attempts.incrementAndGet();
    IndexConfig config =
        Configuration.of(IndexConfig.class, Map.of("mekiki.kafka.bootstrap-servers", address));
    return BrokerProbe.probe(new KafkaClients(config.kafka(), config.images()));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }
}
