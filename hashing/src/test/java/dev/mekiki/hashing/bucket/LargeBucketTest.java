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

/// Many images of one picture, and codes that very many images share.
class LargeBucketTest {
  private static final long SEED = Seeds.seed(LargeBucketTest.class);

  /// A third of all images are one picture, which goes away again: dead rows are left in the lists
  /// of the fingerprint index and taken out later.
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
      IndexedImage image = new IndexedImage("image-" + i, code, fingerprint, Map.of());
      index.put(image);
      if (!isCopy) {
        others.put(image.id(), image);
      }
    }
    assertThat(candidates(index, center, copied, 64)).hasSize(count / 3);
    for (int i = 0; i < count; i += 3) {
      index.remove("image-" + i);
    }
    long bytes = index.bytes();
    assertThat(candidates(index, center, copied, 64)).isEmpty();
    // Their places are filled again.
    for (int i = 0; i < count; i += 3) {
      HashCode code = RandomCodes.flipped(center, 0.05, random);
      Fingerprint fingerprint = RandomCodes.fingerprint(random);
      IndexedImage image = new IndexedImage("later-" + i, code, fingerprint, Map.of());
      index.put(image);
      others.put(image.id(), image);
    }
    assertThat(index.bytes()).isLessThan(bytes + bytes / 4);
    List<IndexedImage> sample = new ArrayList<>(others.values());
    for (int i = 0; i < 30; i++) {
      IndexedImage image = sample.get(random.nextInt(sample.size()));
      assertThat(candidates(index, image.code(), image.fingerprint(), 6))
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

  private static List<MatchCandidate> candidates(
      PartitionIndex index, HashCode code, Fingerprint fingerprint, int codeRadius) {
    return index.candidates(
        index.arrival(new IndexedImage("", code, fingerprint, Map.of())),
        new CandidateCriteria(31, codeRadius, CandidateCriteria.OFF));
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
        IndexedImage image = new IndexedImage(id, code, RandomCodes.fingerprint(random), Map.of());
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
      index.put(new IndexedImage("other", code, RandomCodes.fingerprint(random), Map.of()));
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
