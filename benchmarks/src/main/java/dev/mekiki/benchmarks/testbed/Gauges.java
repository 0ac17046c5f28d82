package dev.mekiki.benchmarks.testbed;

import com.linecorp.armeria.client.BlockingWebClient;
import com.linecorp.armeria.client.ResponseTimeoutException;
import com.linecorp.armeria.client.UnprocessedRequestException;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.ClosedSessionException;
import dev.mekiki.runtime.StartException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Reads the metrics of a service at `/metrics`, as an operator would.
public final class Gauges {
  private static final Duration POLL = Duration.ofMillis(20);

  private final String address;
  private final BlockingWebClient client;

  /// @param address host:port of the instance
  public Gauges(String address) {
    this.address = address;
    // Its idle connections end before the service ends them.
    this.client = WebClient.of("http://" + address).blocking();
  }

  /// Images homed in the active partitions of the instance.
  public long images() {
    return value("mekiki_index_images");
  }

  /// Revisions that arrived at the instance's partitions.
  public long arrivals() {
    return value("mekiki_index_arrivals_total");
  }

  /// Probes that its partitions sent for these.
  public long probesSent() {
    return value("mekiki_index_probes_sent_total");
  }

  /// Probes of others that its partitions have answered with events or nothing.
  public long probesProcessed() {
    return value("mekiki_index_probes_processed_total");
  }

  private long value(String name) {
    return (long) sum(name);
  }

  /// The sum of a metric over all its labels.
  public double sum(String name) {
    return sum(name, "");
  }

  /// The sum of a metric over those of its series that have a label.
  ///
  /// @param label as in the output, such as `area="heap"`
  public double sum(String name, String label) {
    try {
      return client
          .get("/metrics")
          .contentUtf8()
          .lines()
          .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
          .filter(line -> line.contains(label))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (UnprocessedRequestException | ClosedSessionException | ResponseTimeoutException e) {
      throw new StartException("metrics at %s: %s".formatted(address, e), e);
    }
  }

  /// Waits until a condition holds.
  ///
  /// @param what names the condition in the message of a timeout
  /// @return when it held, by {@link System#nanoTime}
  public static long await(String what, Duration limit, BooleanSupplier condition)
      throws InterruptedException {
    return await(what, limit, POLL, condition);
  }

  /// The same with a pause of one's choice between two looks.
  public static long await(String what, Duration limit, Duration poll, BooleanSupplier condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new StartException(
            "bench: %s not reached within %s (remedy: fewer codes or images, or a longer --limit)"
                .formatted(what, limit));
      }
      Thread.sleep(poll);
    }
    return System.nanoTime();
  }
}
