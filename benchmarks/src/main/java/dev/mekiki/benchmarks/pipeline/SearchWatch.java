package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.report.Samples;
import dev.mekiki.benchmarks.testbed.MadeUpImages;
import dev.mekiki.query.QueryConfig;
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
  private static final int WARM_UP_SEARCHERS = 4;
  private static final long INTERVAL_NANOS = Duration.ofMillis(20).toNanos();

  private final QueryClient client;
  private final MadeUpImages images;
  private final int indexed;
  private final SplittableRandom random = new SplittableRandom(1);

  /// @param indexed number of images to draw queries from
  SearchWatch(QueryConfig config, MadeUpImages images, int indexed) throws InterruptedException {
    this.images = images;
    this.indexed = indexed;
    client = new QueryClient(config);
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
    var _ =
        client.post(
            "/v1/search", "{\"code\":\"%s\",\"k\":10,\"requireComplete\":true}".formatted(code));
  }

  @Override
  public void close() {
    client.close();
  }
}
