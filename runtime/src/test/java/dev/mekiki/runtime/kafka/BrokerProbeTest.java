package dev.mekiki.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerProbeTest {
  @Test
  void brokerThatIsNotThereIsReportedWithin15Seconds() throws IOException {
    String address = "127.0.0.1:" + freePort();
    Instant start = Instant.now();
    assertThatThrownBy(() -> probe(address))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("Kafka at " + address + " does not answer")
        .hasMessageContaining("mekiki broker");
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(15));
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-port", "host.invalid:9092", "127.0.0.1:70000"})
  void addressThatIsNoneIsNamed(String address) {
    assertThatThrownBy(() -> probe(address))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(address);
  }

  private static String probe(String address) {
    return BrokerProbe.probe(TestClients.of(Map.of("mekiki.kafka.bootstrap-servers", address)));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
