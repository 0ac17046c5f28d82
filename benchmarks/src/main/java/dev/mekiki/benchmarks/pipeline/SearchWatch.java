package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.report.Samples;
import dev.mekiki.benchmarks.testbed.MadeUpImages;
import dev.mekiki.query.QueryConfig;
import dev.mekiki.query.QueryService;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A query service, and a client that searches by code over HTTP, 50 times a second.
final class SearchWatch implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofMinutes(1);
  private static final int HTTP_OK = 200;
  private static final int WARM_UP_SEARCHERS = 4;
  private static final long INTERVAL_NANOS = Duration.ofMillis(20).toNanos();

  private final QueryService service;
  private final HttpClient client = HttpClient.newHttpClient();
  private final MadeUpImages images;
  private final int indexed;
  private final SplittableRandom random = new SplittableRandom(1);

  /// @param indexed number of images to draw queries from
  SearchWatch(QueryConfig config, MadeUpImages images, int indexed) throws InterruptedException {
    this.images = images;
    this.indexed = indexed;
    service = QueryService.start(config);
    try {
      service.awaitReady(READY_LIMIT);
    } catch (StartException | InterruptedException e) {
      service.close();
      throw e;
    }
  }

  /// Several threads search for a while, until the code of the whole path is compiled.
  void warmUp(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    try (ExecutorService searchers = Executors.newFixedThreadPool(WARM_UP_SEARCHERS)) {
      List<Future<?>> searches = new ArrayList<>();
      for (int i = 0; i < WARM_UP_SEARCHERS; i++) {
        SplittableRandom own = random.split();
        searches.add(
            searchers.submit(() -> {
              while (System.nanoTime() < end) {
                search(own);
              }
            }));
      }
      for (Future<?> search : searches) {
        await(search);
      }
    }
  }

  private static <T> T await(Future<T> search) {
    try {
      return search.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a search that failed", e.getCause());
    }
  }

  /// Searches while the condition holds. Each search runs on a thread of its own, as searches of
  /// different users do: a slow one delays no other. Latency counts from when a search was due.
  Samples run(BooleanSupplier goesOn) {
    List<Future<Long>> searches = new ArrayList<>();
    long start = System.nanoTime();
    try (ExecutorService searchers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (long sent = 0; goesOn.getAsBoolean(); sent++) {
        long due = start + sent * INTERVAL_NANOS;
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        SplittableRandom own = random.split();
        searches.add(
            searchers.submit(() -> {
              search(own);
              return System.nanoTime() - due;
            }));
      }
      Samples samples = new Samples();
      for (Future<Long> search : searches) {
        samples.add(await(search));
      }
      return samples;
    }
  }

  private void search(SplittableRandom numbers) {
    String code = images.code(numbers.nextInt(indexed)).toHex();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + service.address() + "/v1/search"))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"code\":\"%s\",\"k\":10,\"requireComplete\":true}".formatted(code)))
            .build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != HTTP_OK) {
        throw new IllegalStateException("search: " + response.body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.close();
    service.close();
  }
}
