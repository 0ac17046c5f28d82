package dev.mekiki.runtime.kafka;

import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.logging.OutageFilter;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;

/// Checks that Kafka is there before anything else is started: consumers and Streams would retry
/// for ever without an error.
public final class BrokerProbe {
  private BrokerProbe() {}

  /// The id of the cluster.
  ///
  /// @throws StartException where no broker answers within 10 s, the address is no address, or this
  ///   client may not connect
  public static String probe(KafkaClients clients) {
    int limit = Math.toIntExact(AdminCalls.LIMIT.toMillis());
    Map<String, Object> properties = clients.admin();
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, limit);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, limit);
    // One message says what its client says in many lines.
    try (OutageFilter.Collecting _ = OutageFilter.collect((_, _) -> {});
        Admin admin = Admin.create(properties)) {
      return AdminCalls.await(
          admin.describeCluster(new DescribeClusterOptions().timeoutMs(limit)).clusterId(),
          clients.bootstrapServers());
    } catch (ExecutionException e) {
      throw new StartException(
          "Kafka at %s: %s".formatted(clients.bootstrapServers(), e.getCause()), e);
    } catch (KafkaException e) {
      // Thrown by Admin.create for addresses and settings that are none.
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new StartException(
          ("Kafka at %s: %s (expected: host:port of a running broker in"
                  + " mekiki.kafka.bootstrap-servers)")
              .formatted(clients.bootstrapServers(), reason.getMessage()),
          e);
    }
  }
}
