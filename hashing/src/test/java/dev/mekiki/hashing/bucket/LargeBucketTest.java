package dev.mekiki.hashing.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Buckets large enough for a fingerprint index, and codes that very many images share.
class LargeBucketTest {
  private static final long SEED = Seeds.seed(LargeBucketTest.class);

  /// Fingerprints come in families a few bits apart, up to the radius and beyond, so that a slot of
  /// them differs in no, one or more bits; half of the families leave most slots at 0, as flat
  /// pictures do.
  @Test
  void candidatesOfAnIndexedBucketAreThoseOfALoopOverAllImages() {
    Random random = Seeds.random(SEED, 0);
    HashCode center = RandomCodes.uniform(64, random);
    CenterTable centers = RandomCodes.table(64, List.of(center));
    PartitionIndex index = new PartitionIndex(centers);
    Map<String, IndexedImage> images = new TreeMap<>();
    List<long[]> families = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      long[] words = random.longs(4).toArray();
      if (i % 2 == 0) {
        words[1] = 0;
        words[2] = 0;
        words[3] &= 0xFFFF;
      }
      families.add(words);
    }
    int target = Content.INDEXED_ROWS + 6000;
    for (int i = 0; i < target; i++) {
      put(index, images, "image-" + i, center, families, random);
    }
    check(index, images, center, families, random);
    for (int i = 0; i < 12_000; i++) {
      String id = "image-" + random.nextInt(target);
      if (random.nextBoolean()) {
        index.remove(id);
        images.remove(id);
      } else {
        put(index, images, id, center, families, random);
      }
    }
    check(index, images, center, families, random);
    // Small enough for the index to be dropped, and large again.
    List<String> ids = new ArrayList<>(images.keySet());
    for (String id : ids.subList(0, ids.size() - 5000)) {
      index.remove(id);
      images.remove(id);
    }
    check(index, images, center, families, random);
    for (int i = 0; i < target; i++) {
      put(index, images, "again-" + i, center, families, random);
    }
    check(index, images, center, families, random);
  }

  /// More rows than one part of the fingerprint index takes, a third of them one picture, which
  /// goes away again: dead rows are left in its lists and taken out later.
  @Test
  void aPictureOfVeryManyCopiesComesAndGoes() {
    Random random = Seeds.random(SEED, 2);
    HashCode center = RandomCodes.uniform(64, random);
    PartitionIndex index = new PartitionIndex(RandomCodes.table(64, List.of(center)));
    Fingerprint copied = RandomCodes.fingerprint(random);
    Map<String, IndexedImage> others = new TreeMap<>();
    int count = 300_000;
    for (int i = 0; i < count; i++) {
      boolean isCopy = i % 3 == 0;
      Fingerprint fingerprint = isCopy ? copied : RandomCodes.fingerprint(random);
      HashCode code = RandomCodes.flipped(center, 0.05, random);
      IndexedImage image = new IndexedImage("image-" + i, code, fingerprint, true, Map.of());
      index.put(image);
      if (!isCopy) {
        others.put(image.id(), image);
      }
    }
    assertThat(index.candidates(center, copied, 64, 31, true)).hasSize(count / 3);
    long bytes = index.bytes();
    for (int i = 0; i < count; i += 3) {
      index.remove("image-" + i);
    }
    assertThat(index.candidates(center, copied, 64, 31, true)).isEmpty();
    // Their places are filled again.
    for (int i = 0; i < count; i += 3) {
      HashCode code = RandomCodes.flipped(center, 0.05, random);
      Fingerprint fingerprint = RandomCodes.fingerprint(random);
      IndexedImage image = new IndexedImage("later-" + i, code, fingerprint, true, Map.of());
      index.put(image);
      others.put(image.id(), image);
    }
    assertThat(index.bytes()).isLessThan(bytes + bytes / 8);
    List<IndexedImage> sample = new ArrayList<>(others.values());
    for (int i = 0; i < 30; i++) {
      IndexedImage image = sample.get(random.nextInt(sample.size()));
      assertThat(index.candidates(image.code(), image.fingerprint(), 6, 31, true))
          .as("seed %d", SEED)
          .extracting(MatchCandidate::id)
          .containsExactlyElementsOf(
              others.values().stream()
                  .filter(other -> other.code().distance(image.code()) <= 6)
                  .filter(other -> other.fingerprint().distance(image.fingerprint()) <= 31)
                  .map(IndexedImage::id)
                  .toList());
    }
  }

  private static void put(
      PartitionIndex index,
      Map<String, IndexedImage> images,
      String id,
      HashCode center,
      List<long[]> families,
      Random random) {
    IndexedImage image =
        new IndexedImage(
            id,
            RandomCodes.flipped(center, 0.05, random),
            relative(families, random),
            random.nextInt(20) > 0,
            Map.of());
    index.put(image);
    images.put(id, image);
  }

  private static Fingerprint relative(List<long[]> families, Random random) {
    long[] words = families.get(random.nextInt(families.size())).clone();
    for (int flip = random.nextInt(24); flip > 0; flip--) {
      int bit = random.nextInt(256);
      words[bit / 64] ^= 1L << bit;
    }
    return new Fingerprint(HashCode.of(256, words), 50);
  }

  private static void check(
      PartitionIndex index,
      Map<String, IndexedImage> images,
      HashCode center,
      List<long[]> families,
      Random random) {
    for (int i = 0; i < 40; i++) {
      HashCode code = RandomCodes.flipped(center, 0.05, random);
      Fingerprint fingerprint = relative(families, random);
      int codeRadius = 4 + random.nextInt(5);
      int fingerprintRadius = 20 + random.nextInt(12);
      List<MatchCandidate> expected =
          images.values().stream()
              .map(image ->
                  new MatchCandidate(
                      image.id(),
                      image.home(),
                      image.code().distance(code),
                      image.fingerprint().distance(fingerprint)))
              .filter(candidate -> candidate.codeDistance() <= codeRadius)
              .filter(candidate -> candidate.fingerprintDistance() <= fingerprintRadius)
              .toList();

      assertThat(index.candidates(code, fingerprint, codeRadius, fingerprintRadius, true))
          .as("seed %d", SEED)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  /// Rows of a long chain go out of order, while it is swept; the others stay.
  @Test
  void imagesOfOneCodeComeAndGo() {
    Random random = Seeds.random(SEED, 1);
    HashCode code = RandomCodes.uniform(64, random);
    PartitionIndex index = new PartitionIndex(RandomCodes.table(64, List.of(code)));
    Map<String, IndexedImage> images = new TreeMap<>();
    long bytesWhenFull = 0;
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 8000; i++) {
        String id = "image-" + i;
        IndexedImage image =
            new IndexedImage(id, code, RandomCodes.fingerprint(random), true, Map.of());
        index.put(image);
        images.put(id, image);
      }
      checkNearest(index, images, code, random);
      if (round == 0) {
        bytesWhenFull = index.bytes();
      }
      for (int i = 0; i < 12_000; i++) {
        String id = "image-" + random.nextInt(8000);
        index.remove(id);
        images.remove(id);
      }
      assertThat(index.images()).isEqualTo(images.size());
      checkNearest(index, images, code, random);
    }
    // Places are used again: five rounds take little more than one.
    assertThat(index.bytes()).isLessThan(2 * bytesWhenFull);
    images.keySet().forEach(index::remove);
    // The chain is swept by later changes.
    for (int i = 0; i < 100; i++) {
      index.put(new IndexedImage("other", code, RandomCodes.fingerprint(random), true, Map.of()));
      index.remove("other");
    }
    SearchResult result = index.search(query(code, null, 10));
    assertThat(result.hits()).isEmpty();
    assertThat(result.codesTouched()).isZero();
  }

  private static void checkNearest(
      PartitionIndex index, Map<String, IndexedImage> images, HashCode code, Random random) {
    Fingerprint fingerprint = RandomCodes.fingerprint(random);
    List<Hit> expected =
        images.values().stream()
            .map(image -> new Hit(image.id(), 0, image.fingerprint().distance(fingerprint)))
            .sorted(Hit.ORDER)
            .limit(50)
            .toList();
    assertThat(index.search(query(code, fingerprint, 50)).hits()).isEqualTo(expected);
    assertThat(index.search(query(code, null, 5)).hits())
        .extracting(Hit::id)
        .containsExactlyElementsOf(
            images.keySet().stream().sorted(Comparator.naturalOrder()).limit(5).toList());
  }

  private static PartitionQuery query(HashCode code, @Nullable Fingerprint fingerprint, int k) {
    return new PartitionQuery(code, fingerprint, 64, k, MetadataFilter.ALL, () -> false);
  }

  /// Twenty thousand codes, many queries at once, some of which find their limit late.
  @Test
  void batchesAnswerAsSingleSearchesDo() {
    for (int number = 0; number < 4; number++) {
      Random random = Seeds.random(SEED, 10 + number);
      CenterTable centers = RandomCodes.centers(64, 1 + random.nextInt(30), random);
      PartitionIndex index = new PartitionIndex(centers);
      for (int i = 0; i < 20_000; i++) {
        index.put(
            new IndexedImage(
                "image-" + i,
                RandomCodes.mixed(centers, random),
                RandomCodes.fingerprint(random),
                true,
                i % 3 == 0 ? Map.of("shop", "s" + i % 7) : Map.of()));
      }
      List<PartitionQuery> queries = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        queries.add(
            new PartitionQuery(
                RandomCodes.mixed(centers, random),
                random.nextBoolean() ? null : RandomCodes.fingerprint(random),
                random.nextBoolean() ? 64 : random.nextInt(65),
                1 + random.nextInt(300),
                random.nextInt(3) > 0
                    ? MetadataFilter.ALL
                    : new MetadataFilter(Map.of("shop", "s" + random.nextInt(7))),
                () -> false));
      }

      List<SearchResult> together = index.search(queries);

      assertThat(together.stream().map(SearchResult::hits))
          .as("seed %d", SEED)
          .isEqualTo(queries.stream().map(query -> index.search(query).hits()).toList());
      assertThat(together).allMatch(SearchResult::complete);
    }
    assertThat(
            new PartitionIndex(RandomCodes.table(64, List.of(HashCode.of(64, 1))))
                .search(List.of()))
        .isEmpty();
  }
}
