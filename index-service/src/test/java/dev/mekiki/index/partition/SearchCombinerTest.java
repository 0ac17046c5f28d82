package dev.mekiki.index.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.hashing.bucket.IndexedImage;
import dev.mekiki.hashing.bucket.MetadataFilter;
import dev.mekiki.hashing.bucket.PartitionIndex;
import dev.mekiki.hashing.bucket.PartitionQuery;
import dev.mekiki.hashing.bucket.SearchResult;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.index.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SearchCombinerTest {
  private final long seed = Seeds.seed(SearchCombinerTest.class);
  private final Random random = new Random(seed);
  private final World world = World.random(random, 8, 4);
  private final ExecutorService callers = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    callers.shutdownNow();
  }

  @Test
  void answersAreThoseOfSingleSearches() throws Exception {
    List<PartitionIndex> indexes = List.of(filled(3_000), filled(500));
    SearchCombiner combiner = new SearchCombiner(2);
    List<PartitionQuery> queries = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      queries.add(query(() -> false));
    }
    List<Future<SearchResult>> answers = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      PartitionIndex index = indexes.get(i % 2);
      PartitionQuery query = queries.get(i);
      answers.add(callers.submit(() -> combiner.search(index, query)));
    }
    for (int i = 0; i < queries.size(); i++) {
      SearchResult single = indexes.get(i % 2).search(queries.get(i));
      assertThat(answers.get(i).get(30, TimeUnit.SECONDS))
          .satisfies(answer -> {
            assertThat(answer.hits()).isEqualTo(single.hits());
            assertThat(answer.complete()).isTrue();
          });
    }
  }

  @Test
  void searchWithACoreFreeWaitsForNobody() throws Exception {
    PartitionIndex index = filled(100);
    SearchCombiner combiner = new SearchCombiner(2);
    CountDownLatch end = new CountDownLatch(1);
    Future<SearchResult> slow = callers.submit(() -> combiner.search(index, held(end)));

    assertThat(combiner.search(index, query(() -> false)).complete()).isTrue();
    assertThat(slow.isDone()).isFalse();
    end.countDown();
    assertThat(slow.get(10, TimeUnit.SECONDS).complete()).isTrue();
  }

  @Test
  void waitingSearchEndsWithItsOwnDeadline() throws Exception {
    PartitionIndex index = filled(100);
    SearchCombiner combiner = new SearchCombiner(1);
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    Future<SearchResult> slow = callers.submit(() -> combiner.search(index, held(end, running)));
    running.await();
    AtomicBoolean expired = new AtomicBoolean();
    Future<SearchResult> late = callers.submit(() -> combiner.search(index, query(expired::get)));
    Future<SearchResult> patient = callers.submit(() -> combiner.search(index, query(() -> false)));
    expired.set(true);

    assertThat(late.get(10, TimeUnit.SECONDS).complete()).isFalse();
    assertThat(slow.isDone()).isFalse();
    end.countDown();
    assertThat(patient.get(10, TimeUnit.SECONDS).complete()).isTrue();
    assertThat(slow.get(10, TimeUnit.SECONDS).complete()).isTrue();
  }

  @Test
  void failedSearchFailsItsCallersAndFreesTheCore() throws Exception {
    PartitionIndex index = filled(100);
    SearchCombiner combiner = new SearchCombiner(1);
    PartitionQuery failing =
        query(() -> {
          throw new IllegalStateException("on purpose");
        });
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> combiner.search(index, failing)).hasMessage("on purpose");
    }
    assertThat(combiner.search(index, query(() -> false)).complete()).isTrue();

    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    Future<SearchResult> slow = callers.submit(() -> combiner.search(index, held(end, running)));
    running.await();
    Future<SearchResult> interrupted =
        callers.submit(() -> {
          Thread.currentThread().interrupt();
          return combiner.search(index, query(() -> false));
        });
    Awaitility.await().until(interrupted::isDone);
    assertThat(answer(interrupted)).isNotNull().extracting(SearchResult::complete).isEqualTo(false);
    end.countDown();
    assertThat(slow.get(10, TimeUnit.SECONDS).complete()).isTrue();
  }

  private static @Nullable SearchResult answer(Future<SearchResult> future)
      throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private PartitionQuery held(CountDownLatch end) {
    return held(end, new CountDownLatch(1));
  }

  /// A search that goes on until it is let go; it runs once the second latch is down.
  private PartitionQuery held(CountDownLatch end, CountDownLatch running) {
    return query(() -> {
      running.countDown();
      try {
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return false;
    });
  }

  private PartitionQuery query(BooleanSupplier expired) {
    boolean byFingerprint = random.nextBoolean();
    return new PartitionQuery(
        world.nearCenter(random, 0.1),
        byFingerprint ? new Fingerprint(World.fingerprint(random), 90) : null,
        random.nextBoolean() ? World.BITS : random.nextInt(30),
        1 + random.nextInt(20),
        new MetadataFilter(random.nextInt(3) == 0 ? Map.of("lane", "1") : Map.of()),
        expired);
  }

  private PartitionIndex filled(int images) {
    PartitionIndex index = new PartitionIndex(world.geometry().centers());
    for (int i = 0; i < images; i++) {
      HashCode code = world.nearCenter(random, 0.1);
      index.put(
          new IndexedImage(
              "image " + i,
              code,
              new Fingerprint(World.fingerprint(random), 90),
              Map.of("lane", Integer.toString(i % 3))));
    }
    return index;
  }
}
