package dev.mekiki.benchmarks.testbed;

import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Reads the metrics of a service at `/metrics`, as an operator would.
public final class Gauges implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);

  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpRequest request;

  /// @param address host:port of the instance
  public Gauges(String address) {
    request = HttpRequest.newBuilder(URI.create("http://" + address + "/metrics")).build();
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

  /// The sum of a metric over all its labels, or of those that are given in its name.
  public double sum(String name) {
    try {
      return client
          .send(request, BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      throw new StartException("metrics at %s: %s".formatted(request.uri(), e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while measuring", e);
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

  @Override
  public void close() {
    client.close();
  }
}
