package dev.mekiki.hashing.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionIndexTest {
  private static final long SEED = Seeds.seed(PartitionIndexTest.class);

  /// Random puts, updates and removals; after some of them, searches and candidates against a loop
  /// over all images.
  @Test
  void answersAreThoseOfALoopOverAllImages() {
    for (int number = 0; number < 250; number++) {
      Random random = Seeds.random(SEED, number);
      int bits = new int[] {16, 32, 64, 128, 256}[random.nextInt(5)];
      CenterTable centers = RandomCodes.centers(bits, 1 + random.nextInt(12), random);
      // A small stock of codes and fingerprints makes collapsed codes and ties.
      List<HashCode> codes =
          stock(1 + random.nextInt(40), () -> RandomCodes.mixed(centers, random));
      List<Fingerprint> fingerprints =
          stock(1 + random.nextInt(10), () -> RandomCodes.fingerprint(random));
      int ids = 1 + random.nextInt(120);
      PartitionIndex index = new PartitionIndex(centers);
      Map<String, IndexedImage> images = new TreeMap<>();
      for (int step = 0; step < 300; step++) {
        String id = "image-" + random.nextInt(ids);
        if (random.nextInt(4) == 0) {
          index.remove(id);
          images.remove(id);
        } else {
          IndexedImage image =
              new IndexedImage(id, any(codes, random), any(fingerprints, random), metadata(random));
          index.put(image);
          images.put(id, image);
        }
        if (step % 10 == 0) {
          String label = "case %d step %d".formatted(number, step);
          HashCode code =
              random.nextBoolean() ? any(codes, random) : RandomCodes.mixed(centers, random);
          Fingerprint fingerprint = random.nextInt(3) == 0 ? null : RandomCodes.fingerprint(random);
          int radius = random.nextBoolean() ? bits : random.nextInt(bits + 1);
          int k =
              random.nextInt(5) == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(images.size() + 3);
          checkSearch(
              label,
              index,
              images.values(),
              new PartitionQuery(
                  code, fingerprint, radius, k, filter(random), PartitionIndexTest::never));
          checkCandidates(
              label,
              index,
              images.values(),
              code,
              any(fingerprints, random),
              new CandidateCriteria(
                  random.nextBoolean() ? random.nextInt(32) : random.nextInt(Fingerprint.BITS + 1),
                  random.nextBoolean() ? bits : random.nextInt(bits + 1),
                  random.nextBoolean() ? CandidateCriteria.OFF : random.nextInt(bits + 1)));
        }
      }
      index.clear();
      checkSearch("cleared", index, List.of(), query(any(codes, random), bits, 10));
    }
  }

  private static <T> List<T> stock(int size, Supplier<T> supplier) {
    List<T> stock = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      stock.add(supplier.get());
    }
    return stock;
  }

  private static <T> T any(List<T> stock, Random random) {
    return stock.get(random.nextInt(stock.size()));
  }

  private static void checkSearch(
      String label, PartitionIndex index, Collection<IndexedImage> images, PartitionQuery query) {
    SearchResult result = index.search(query);

    assertThat(result.hits()).as(label).isEqualTo(bruteForce(images, query));
    assertThat(result.complete()).as(label).isTrue();
    assertThat(index.images()).as(label).isEqualTo(images.size());
    assertThat(result.codesTouched())
        .as(label)
        .isLessThanOrEqualTo(images.stream().map(IndexedImage::code).distinct().count());
    assertThat(result.bucketsTouched()).as(label).isLessThanOrEqualTo(result.shellsTouched());
    assertThat(result.shellsTouched() <= result.codesTouched()).as(label).isTrue();
  }

  private static List<Hit> bruteForce(Collection<IndexedImage> images, PartitionQuery query) {
    Fingerprint fingerprint = query.fingerprint();
    return images.stream()
        .filter(image -> query.filter().accepts(image.metadata()))
        .filter(image -> image.code().distance(query.code()) <= query.radius())
        .map(image ->
            new Hit(
                image.id(),
                image.code().distance(query.code()),
                fingerprint == null
                    ? Hit.NO_FINGERPRINT
                    : image.fingerprint().distance(fingerprint)))
        .sorted(Hit.ORDER)
        .limit(query.k())
        .toList();
  }

  private static void checkCandidates(
      String label,
      PartitionIndex index,
      Collection<IndexedImage> images,
      HashCode code,
      Fingerprint fingerprint,
      CandidateCriteria criteria) {
    List<MatchCandidate> expected =
        images.stream()
            .map(image ->
                new MatchCandidate(
                    image.id(),
                    image.code().distance(code),
                    image.fingerprint().distance(fingerprint)))
            .filter(candidate ->
                candidate.codeDistance() <= criteria.nearRadius()
                    || (candidate.codeDistance() <= criteria.codeRadius()
                        && candidate.fingerprintDistance() <= criteria.fingerprintRadius()))
            .toList();
    Arrival arrival = index.arrival(new IndexedImage("", code, fingerprint, Map.of()));

    assertThat(index.candidates(arrival, criteria))
        .as(label)
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void allEqualCodesAreRankedByFingerprintAndId() {
    HashCode code = HashCode.of(16, 7);
    PartitionIndex index = new PartitionIndex(RandomCodes.table(16, List.of(code)));
    Random random = Seeds.random(SEED, 0);
    List<IndexedImage> images = new ArrayList<>();
    List<Fingerprint> fingerprints = stock(5, () -> RandomCodes.fingerprint(random));
    for (int i = 0; i < 3000; i++) {
      images.add(new IndexedImage("id" + i, code, any(fingerprints, random), Map.of()));
    }
    images.forEach(index::put);
    PartitionQuery query =
        new PartitionQuery(
            code, fingerprints.getFirst(), 0, 700, MetadataFilter.ALL, PartitionIndexTest::never);

    SearchResult result = index.search(query);

    assertThat(result.hits()).isEqualTo(bruteForce(images, query));
    assertThat(result.codesTouched()).isEqualTo(1);
    assertThat(result.shellsTouched()).isEqualTo(1);
    assertThat(result.bucketsTouched()).isEqualTo(1);
  }

  @Test
  void emptyIndexHasNoHits() {
    PartitionIndex index = new PartitionIndex(RandomCodes.centers(16, 3, new Random(1)));

    assertThat(index.search(query(HashCode.of(16, 1), 16, 5)))
        .isEqualTo(new SearchResult(List.of(), true, 0, 0, 0));
    index.remove("never seen");
    assertThat(index.images()).isZero();
  }

  @Test
  void searchStopsWhenBoundPassesKthDistance() {
    CenterTable centers = RandomCodes.centersApart(64, 20, 24, new Random(5));
    PartitionIndex index = new PartitionIndex(centers);
    Fingerprint fingerprint = RandomCodes.fingerprint(new Random(1));
    Random random = new Random(2);
    for (int i = 0; i < 2000; i++) {
      HashCode center = centers.center(i % 20);
      index.put(
          new IndexedImage(
              "id" + i, RandomCodes.flipped(center, 0.02, random), fingerprint, Map.of()));
    }

    SearchResult result = index.search(query(centers.center(0), 64, 1));

    assertThat(result.hits().getFirst().codeDistance()).isZero();
    assertThat(result.bucketsTouched()).isEqualTo(1);
    assertThat(result.shellsTouched()).isEqualTo(1);
    assertThat(result.codesTouched()).isEqualTo(1);
  }

  @Test
  void searchThatExpiresIsIncompleteAndKeepsWhatItFound() {
    HashCode center = HashCode.of(64, 0);
    PartitionIndex index = new PartitionIndex(RandomCodes.table(64, List.of(center)));
    Fingerprint fingerprint = RandomCodes.fingerprint(new Random(1));
    for (int i = 0; i < 10_000; i++) {
      index.put(new IndexedImage("id" + i, HashCode.of(64, i), fingerprint, Map.of()));
    }
    AtomicInteger asked = new AtomicInteger();

    SearchResult atOnce =
        index.search(new PartitionQuery(center, null, 64, 5, MetadataFilter.ALL, () -> true));
    SearchResult later =
        index.search(
            new PartitionQuery(
                center,
                null,
                64,
                Integer.MAX_VALUE,
                MetadataFilter.ALL,
                () -> asked.incrementAndGet() > 5));

    assertThat(atOnce).isEqualTo(new SearchResult(List.of(), false, 0, 0, 0));
    assertThat(later.complete()).isFalse();
    assertThat(later.hits()).isNotEmpty().hasSizeLessThan(10_000).isSortedAccordingTo(Hit.ORDER);
  }

  @Test
  void codeOfAnotherWidthIsRefused() {
    PartitionIndex index = new PartitionIndex(RandomCodes.centers(16, 3, new Random(1)));
    Fingerprint fingerprint = RandomCodes.fingerprint(new Random(1));
    HashCode wide = HashCode.of(64, 1);

    assertThatThrownBy(() -> index.search(query(wide, 3, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("code: 64 bits (expected: 16)");
    assertThatThrownBy(() -> index.put(new IndexedImage("a", wide, fingerprint, Map.of())))
        .hasMessage("code: 64 bits (expected: 16)");
    assertThatThrownBy(() -> new CandidateCriteria(257, 0, 0))
        .hasMessage("fingerprintRadius: 257 (expected: 0..256)");
    assertThatThrownBy(() -> new CandidateCriteria(0, -1, 0))
        .hasMessage("codeRadius: -1 (expected: at least 0)");
    assertThatThrownBy(() -> new CandidateCriteria(0, 0, -2))
        .hasMessage("nearRadius: -2 (expected: at least 0, or -1 for off)");
  }

  @Test
  void queriesOutOfRangeAreRefused() {
    HashCode code = HashCode.of(16, 1);

    assertThatThrownBy(() -> query(code, -1, 1)).hasMessage("radius: -1 (expected: 0..16)");
    assertThatThrownBy(() -> query(code, 17, 1)).hasMessage("radius: 17 (expected: 0..16)");
    assertThatThrownBy(() -> query(code, 1, 0)).hasMessage("k: 0 (expected: at least 1)");
  }

  private static Map<String, String> metadata(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> Map.of();
      case 1 -> Map.of("shop", "s" + random.nextInt(2));
      default -> Map.of("shop", "s" + random.nextInt(2), "kind", "k" + random.nextInt(2));
    };
  }

  private static MetadataFilter filter(Random random) {
    return random.nextInt(3) > 0 ? MetadataFilter.ALL : new MetadataFilter(metadata(random));
  }

  private static boolean never() {
    return false;
  }

  private static PartitionQuery query(HashCode code, int radius, int k) {
    return new PartitionQuery(code, null, radius, k, MetadataFilter.ALL, PartitionIndexTest::never);
  }

  /// A writer moves images from code to code; each put replaces the older row in one step, so that
  /// every reader finds every image once.
  @Test
  void readersSeeEveryImageOnceWhileAWriterMovesThem() throws Exception {
    int images = 200;
    Random random = Seeds.random(SEED, 1);
    CenterTable centers = RandomCodes.centers(32, 10, random);
    Fingerprint fingerprint = RandomCodes.fingerprint(random);
    PartitionIndex index = new PartitionIndex(centers);
    for (int i = 0; i < images; i++) {
      index.put(
          new IndexedImage("id" + i, RandomCodes.mixed(centers, random), fingerprint, Map.of()));
    }
    AtomicBoolean writing = new AtomicBoolean(true);
    Callable<@Nullable Void> reader =
        () -> {
          do {
            SearchResult result = index.search(query(centers.center(0), 32, Integer.MAX_VALUE));
            assertThat(result.hits()).hasSize(images);
            assertThat(result.hits().stream().map(Hit::id).distinct()).hasSize(images);
            assertThat(index.images()).isEqualTo(images);
          } while (writing.get());
          return null;
        };
    try (ExecutorService readers = Executors.newFixedThreadPool(3)) {
      List<Future<@Nullable Void>> reading = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        reading.add(readers.submit(reader));
      }
      try {
        for (int move = 0; move < 3000; move++) {
          index.put(
              new IndexedImage(
                  "id" + random.nextInt(images),
                  RandomCodes.mixed(centers, random),
                  fingerprint,
                  Map.of()));
        }
      } finally {
        writing.set(false);
      }
      for (Future<@Nullable Void> result : reading) {
        result.get();
      }
    }
  }
}
