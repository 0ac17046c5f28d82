package dev.mekiki.runtime.kafka;

import dev.mekiki.runtime.StartException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthenticationException;

/// Waiting for the answers of an admin client.
final class AdminCalls {
  /// Within this a broker answers or counts as absent.
  static final Duration LIMIT = Duration.ofSeconds(10);

  private AdminCalls() {}

  /// @throws StartException where the answer does not come in time or this client may not ask
  /// @throws ExecutionException where the broker answers with another error
  static <T> T await(KafkaFuture<T> answer, String bootstrapServers) throws ExecutionException {
    try {
      return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // As the client says it where it gives up itself, so that it counts as an outage.
      throw unreachable(
          bootstrapServers,
          new org.apache.kafka.common.errors.TimeoutException(
              "no answer within %d s".formatted(LIMIT.toSeconds()), e));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException timeout) {
        throw unreachable(bootstrapServers, timeout);
      }
      if (e.getCause() instanceof AuthenticationException refused) {
        throw new StartException(
            ("Kafka at %s refuses this client: %s (expected: valid settings under"
                    + " mekiki.kafka.client.* or in the file that mekiki.kafka.settings-file names)")
                .formatted(bootstrapServers, refused.getMessage()),
            refused);
      }
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while waiting for Kafka", e);
    }
  }

  private static StartException unreachable(String bootstrapServers, Exception cause) {
    return new StartException(
        ("Kafka at %s does not answer within %d s (expected: a running broker; start one with"
                + " `mekiki broker`, or name another with --bootstrap HOST:PORT or"
                + " mekiki.kafka.bootstrap-servers)")
            .formatted(bootstrapServers, LIMIT.toSeconds()),
        cause);
  }
}
