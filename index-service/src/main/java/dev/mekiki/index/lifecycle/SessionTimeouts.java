package dev.mekiki.index.lifecycle;

import dev.mekiki.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Session timeouts that a broker accepts: shorter ones make takeovers quick, but a broker refuses
/// a consumer that asks for less than its minimum, and says so only to the stream thread.
public final class SessionTimeouts {
  private static final Logger log = LoggerFactory.getLogger(SessionTimeouts.class);
  private static final String MIN_SETTING = "group.min.session.timeout.ms";

  /// Kafka's own default, for brokers that do not name theirs.
  private static final Duration DEFAULT_MIN = Duration.ofSeconds(6);

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private SessionTimeouts() {}

  /// The wanted timeout, or the shortest one the broker accepts where that is longer.
  public static Duration accepted(KafkaClients clients, Duration wanted) {
    Duration min = min(clients);
    if (wanted.compareTo(min) >= 0) {
      return wanted;
    }
    log.warn(
        "Takeover after a crash takes longer than configured, the broker allows no shorter session"
            + " wantedMillis={} minMillis={} brokerSetting={}",
        wanted.toMillis(),
        min.toMillis(),
        MIN_SETTING);
    return min;
  }

  private static Duration min(KafkaClients clients) {
    try (Admin admin = Admin.create(clients.admin())) {
      Node broker = await(admin.describeCluster().nodes()).iterator().next();
      ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, broker.idString());
      Map<ConfigResource, Config> configs = await(admin.describeConfigs(List.of(resource)).all());
      Config config = configs.get(resource);
      ConfigEntry entry = config == null ? null : config.get(MIN_SETTING);
      return entry == null ? DEFAULT_MIN : Duration.ofMillis(Long.parseLong(entry.value()));
    } catch (ExecutionException | TimeoutException e) {
      log.warn(
          "The broker's shortest session is unknown, Kafka's default is assumed brokerSetting={}"
              + " assumed={}",
          MIN_SETTING,
          DEFAULT_MIN,
          e);
      return DEFAULT_MIN;
    }
  }

  private static <T> T await(KafkaFuture<T> future) throws ExecutionException, TimeoutException {
    try {
      return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExecutionException(e);
    }
  }
}
