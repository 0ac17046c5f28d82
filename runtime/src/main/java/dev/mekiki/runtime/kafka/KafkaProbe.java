package dev.mekiki.runtime.kafka;

import dev.mekiki.schemas.text.BoundedText;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// Asks Kafka whether it answers, by a client of its own that lives from the first question until
/// {@link #close}. For one thread.
final class KafkaProbe implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final String clientId;
  private final KafkaClients clients;
  private @Nullable Admin admin;

  KafkaProbe(String service, KafkaClients clients) {
    this.clientId = "mekiki-watch-" + service;
    this.clients = clients;
  }

  /// The name of its client, in whose lines nobody is interested.
  String clientId() {
    return clientId;
  }

  /// What is wrong with Kafka, or empty where it answers within 2 s.
  Optional<String> trouble() throws InterruptedException {
    try {
      if (admin == null) {
        admin = Admin.create(properties());
      }
      Object _ =
          admin
              .describeCluster(
                  new DescribeClusterOptions().timeoutMs(Math.toIntExact(LIMIT.toMillis())))
              .clusterId()
              .get(2 * LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(reason(e.getCause() == null ? e : e.getCause()));
    } catch (TimeoutException e) {
      return Optional.of(reason(e));
    } catch (KafkaException e) {
      return Optional.of(reason(e.getCause() == null ? e : e.getCause()));
    }
  }

  /// Releases the client; the next question makes a new one.
  @Override
  public void close() {
    if (admin != null) {
      admin.close(Duration.ZERO);
      admin = null;
    }
  }

  private Map<String, Object> properties() {
    Map<String, Object> properties = clients.admin();
    int limit = Math.toIntExact(LIMIT.toMillis());
    properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, limit);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, limit);
    properties.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    return properties;
  }

  private static String reason(Throwable failure) {
    return failure.getClass().getSimpleName() + ": " + BoundedText.message(failure);
  }
}
