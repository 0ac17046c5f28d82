package dev.mekiki.launcher.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.metrics.ServiceMetrics;
import dev.mekiki.runtime.server.Access;
import dev.mekiki.runtime.server.Permissions;
import dev.mekiki.runtime.server.ServiceServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthCheckTest {
  @TempDir private Path directory;

  @Test
  void aServiceIsHealthyOnceItIsReady() {
    AtomicBoolean ready = new AtomicBoolean();
    IndexConfig config = Configuration.of(IndexConfig.class, Map.of("mekiki.index.port", "0"));
    Access access = Access.of("index", config.index(), config.server());
    try (ServiceServer server =
        ServiceServer.start(
            access, ServiceMetrics.registry("index"), ready::get, Permissions.NONE, _ -> {})) {
      Map<String, String> environment =
          Map.of("MEKIKI_INDEX_HOST", "0.0.0.0", "MEKIKI_INDEX_PORT", port(server.address()));

      assertThat(HealthCheck.problem("index", environment)).contains("503");
      ready.set(true);
      assertThat(HealthCheck.problem("index", environment)).isEmpty();
    }
  }

  @Test
  void aBrokerIsHealthyOnceItAnswers() {
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory))) {
      assertThat(
              HealthCheck.problem(
                  "broker", Map.of("MEKIKI_BROKER_PORT", port(broker.bootstrapServers()))))
          .isEmpty();
    }
  }

  @Test
  void whatDoesNotListenIsNotHealthy() throws IOException {
    String port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = Integer.toString(socket.getLocalPort());
    }
    assertThat(HealthCheck.problem("broker", Map.of("MEKIKI_BROKER_PORT", port))).contains(port);
    assertThat(HealthCheck.problem("query", Map.of("MEKIKI_QUERY_PORT", port))).contains(port);
  }

  private static String port(String address) {
    return address.substring(address.lastIndexOf(':') + 1);
  }
}
