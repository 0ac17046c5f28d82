package dev.mekiki.query.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.query.QueryConfig;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.image.ImageId;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageSenderTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  @Test
  void callTakesNoLongerThanItsTimeoutWhereNoBrokerListens() {
    assertTimesOut("127.0.0.1:1");
  }

  @Test
  void callTakesNoLongerThanItsTimeoutWhereTheBrokerSaysNothing() throws Exception {
    try (ServerSocket silent = new ServerSocket(0)) {
      assertTimesOut("127.0.0.1:" + silent.getLocalPort());
    }
  }

  private static void assertTimesOut(String broker) {
    QueryConfig config =
        Configuration.of(QueryConfig.class, Map.of("mekiki.kafka.bootstrap-servers", broker));
    Map<String, Object> settings = new KafkaClients(config.kafka(), config.images()).producer();
    long start = System.nanoTime();
    try (ImageSender sender = ImageSender.open(settings, "images", "mekiki-tenant", TIMEOUT)) {
      assertThatThrownBy(() -> sender.delete(new ImageId("id")))
          .isInstanceOf(SendTimeoutException.class)
          .hasMessageContaining("within 1000 ms (expected: a reachable broker");
    }
    // Kafka's own limit is a minute.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }
}
