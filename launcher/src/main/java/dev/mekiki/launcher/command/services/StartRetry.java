package dev.mekiki.launcher.command.services;

import com.linecorp.armeria.client.retry.Backoff;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.failure.FailureKind;
import dev.mekiki.runtime.kafka.KafkaFailures;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts a service again while Kafka is away: after an outage of all machines a service may be
/// there before the brokers are, and a new process would take several seconds until it may ask.
final class StartRetry {
  private static final Logger log = LoggerFactory.getLogger(StartRetry.class);

  private StartRetry() {}

  /// What `start` gives.
  ///
  /// @param limit after so long no other attempt is made
  /// @throws StartException what the last attempt says, or the first one that is no outage
  static <T> T whileKafkaIsAway(Duration limit, Supplier<T> start) throws InterruptedException {
    Backoff backoff = Backoff.exponential(200, 2_000).withJitter(0.2);
    long begin = System.nanoTime();
    int attempts = 0;
    while (true) {
      try {
        return start.get();
      } catch (StartException e) {
        attempts++;
        if (KafkaFailures.kind(e) != FailureKind.OUTAGE
            || System.nanoTime() - begin >= limit.toNanos()) {
          throw e;
        }
        log.warn(
            "Start is tried again until Kafka answers attempts={} limitSeconds={} reason={}",
            attempts,
            limit.toSeconds(),
            e.getMessage());
      }
      Thread.sleep(backoff.nextDelayMillis(attempts));
    }
  }
}
