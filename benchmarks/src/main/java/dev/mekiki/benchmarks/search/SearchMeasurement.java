package dev.mekiki.benchmarks.search;

import dev.mekiki.benchmarks.data.CodeData;
import dev.mekiki.benchmarks.data.CodeSet;
import dev.mekiki.benchmarks.data.DataOptions;
import dev.mekiki.benchmarks.data.Fingerprints;
import dev.mekiki.benchmarks.data.ImageIds;
import dev.mekiki.benchmarks.flat.FlatScan;
import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.report.HeapInUse;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.benchmarks.report.Progress;
import dev.mekiki.benchmarks.report.Samples;
import dev.mekiki.benchmarks.report.WarmUp;
import dev.mekiki.hashing.bucket.Hit;
import dev.mekiki.hashing.bucket.IndexedImage;
import dev.mekiki.hashing.bucket.MetadataFilter;
import dev.mekiki.hashing.bucket.PartitionIndex;
import dev.mekiki.hashing.bucket.PartitionQuery;
import dev.mekiki.hashing.bucket.SearchResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Searches one partition's structure and scans the same codes flat, on the calling thread.
final class SearchMeasurement {
  private static final int BLOCK = 64;
  private static final Duration MIN_WARM_UP = Duration.ofMillis(500);
  private static final Duration MAX_WARM_UP = Duration.ofSeconds(4);

  /// What the flat scans and the sums beside them may take, and how many there are at most.
  private static final Duration FLAT_LIMIT = Duration.ofSeconds(2);

  private static final int FLAT_SCANS = 400;
  private static final Duration BATCH_LIMIT = Duration.ofSeconds(2);

  /// Keeps the compiler from removing what is measured.
  private static volatile long trace;

  private final CodeData data;
  private final DataOptions options;
  private final Output output;
  private final int k;
  private final int radius;
  private final int radiusHits;
  private final int checks;
  private final CodeSet codes;
  private final FlatScan flat;
  private final List<long[]> queryWords = new ArrayList<>();

  SearchMeasurement(
      CodeData data,
      DataOptions options,
      Output output,
      int k,
      int radius,
      int radiusHits,
      int checks) {
    this.data = data;
    this.options = options;
    this.output = output;
    this.k = k;
    this.radius = radius;
    this.radiusHits = radiusHits;
    this.checks = checks;
    this.codes = data.codes();
    this.flat = new FlatScan(codes.array(), codes.size(), codes.bits());
    for (int query = 0; query < data.queries().size(); query++) {
      queryWords.add(data.queries().words(query));
    }
  }

  /// What one pass over the queries took, and how many codes each touched.
  private record Pass(Samples times, Samples touched) {}

  SearchReport run() {
    long heapBefore = HeapInUse.bytes();
    PartitionIndex index = new PartitionIndex(data.centers());
    long buildNanos = build(index);
    long heap = HeapInUse.bytes() - heapBefore;

    List<PartitionQuery> knn = queries(codes.bits(), k);
    Pass knnPass = searchAll("k-NN", index, knn);
    Pass radiusPass = searchAll("radius search", index, queries(radius, radiusHits));
    Flat flatPass = scanFlat();
    double batch = scanInBlocks();
    boolean exact = isExact(index);
    return new SearchReport(
        codes.size(),
        codes.bits(),
        options.distribution(),
        knn.size(),
        k,
        radius,
        Figures.seconds(buildNanos),
        Figures.rounded((double) index.bytes() / codes.size()),
        Figures.rounded((double) heap / codes.size()),
        knnPass.times().micros(0.5),
        knnPass.times().micros(0.99),
        flatPass.scans().micros(0.5),
        batch,
        radiusPass.times().micros(0.5),
        (long) knnPass.touched().percentile(0.5),
        exact,
        Figures.rounded(
            (double) codes.array().length * Long.BYTES / flatPass.sums().percentile(0.5)));
  }

  private long build(PartitionIndex index) {
    Fingerprints fingerprints = new Fingerprints(options.seed());
    long start = System.nanoTime();
    try (Progress progress = new Progress("index", codes.size())) {
      for (int i = 0; i < codes.size(); i++) {
        index.put(new IndexedImage(ImageIds.of(i), codes.code(i), fingerprints.of(i), Map.of()));
        progress.step();
      }
      return System.nanoTime() - start;
    }
  }

  private List<PartitionQuery> queries(int within, int most) {
    List<PartitionQuery> queries = new ArrayList<>();
    for (int i = 0; i < data.queries().size(); i++) {
      queries.add(query(i, within, most));
    }
    return queries;
  }

  private PartitionQuery query(int number, int within, int most) {
    return new PartitionQuery(
        data.queries().code(number), null, within, most, MetadataFilter.ALL, () -> false);
  }

  private Pass searchAll(String what, PartitionIndex index, List<PartitionQuery> queries) {
    output.phase(what + ": warming up");
    int[] next = {0};
    WarmUp.run(
        MIN_WARM_UP,
        MAX_WARM_UP,
        () -> {
          for (int i = 0; i < 50; i++) {
            trace = index.search(queries.get(next[0]++ % queries.size())).codesTouched();
          }
        });
    output.phase(what + ": measuring %,d queries".formatted(queries.size()));
    Pass pass = new Pass(new Samples(), new Samples());
    for (int i = 0; i < queries.size(); i++) {
      long start = System.nanoTime();
      SearchResult result = index.search(queries.get(i));
      pass.times().add(System.nanoTime() - start);
      pass.touched().add(result.codesTouched());
    }
    return pass;
  }

  private record Flat(Samples scans, Samples sums) {}

  /// One flat scan and one sum in turn: whatever else the machine does hits both alike.
  private Flat scanFlat() {
    output.phase("flat scan and sum");
    WarmUp.run(
        MIN_WARM_UP,
        MAX_WARM_UP,
        () -> trace = flat.sum() + flat.nearest(queryWords.getFirst(), k).distances()[0]);
    Flat pass = new Flat(new Samples(), new Samples());
    long deadline = System.nanoTime() + FLAT_LIMIT.toNanos();
    for (int i = 0; i < FLAT_SCANS && (i < 3 || System.nanoTime() < deadline); i++) {
      long start = System.nanoTime();
      trace = flat.sum();
      long between = System.nanoTime();
      trace = flat.nearest(queryWords.get(i % queryWords.size()), k).distances()[0];
      pass.scans().add(System.nanoTime() - between);
      pass.sums().add(between - start);
    }
    return pass;
  }

  private double scanInBlocks() {
    output.phase("flat scan in blocks of %d queries".formatted(BLOCK));
    List<long[]> block = new ArrayList<>();
    for (int i = 0; i < BLOCK; i++) {
      block.add(queryWords.get(i % queryWords.size()));
    }
    WarmUp.run(MIN_WARM_UP, MAX_WARM_UP, () -> trace = flat.nearest(block, k).size());
    long start = System.nanoTime();
    int blocks = 0;
    while (blocks == 0 || System.nanoTime() - start < BATCH_LIMIT.toNanos()) {
      trace = flat.nearest(block, k).size();
      blocks++;
    }
    return Figures.perSecond((double) blocks * BLOCK * codes.size(), System.nanoTime() - start);
  }

  /// Compares ids, or positions, and distances of every kind of search.
  private boolean isExact(PartitionIndex index) {
    output.phase("comparing %d queries with brute force".formatted(checks));
    int wrong = 0;
    for (int i = 0; i < checks; i++) {
      BruteForce brute = new BruteForce(codes, queryWords.get(i));
      int[] byRank = brute.nearest(k, codes.bits(), ImageIds::rank);
      int[] byPosition = brute.nearest(k, codes.bits(), position -> position);
      int[] within = brute.nearest(radiusHits, radius, ImageIds::rank);
      if (!agree(brute, byRank, index.search(query(i, codes.bits(), k)), codes.bits())
          || !agree(brute, within, index.search(query(i, radius, radiusHits)), radius)
          || !scansAgree(brute, byPosition, queryWords.get(i))) {
        wrong++;
      }
    }
    if (wrong > 0) {
      output.phase("%d of %d queries have a wrong answer".formatted(wrong, checks));
    }
    return wrong == 0;
  }

  private static boolean agree(BruteForce brute, int[] expected, SearchResult result, int radius) {
    List<Hit> hits =
        Arrays.stream(expected)
            .filter(position -> brute.distance(position) <= radius)
            .mapToObj(position ->
                new Hit(ImageIds.of(position), brute.distance(position), Hit.NO_FINGERPRINT))
            .toList();
    return result.complete() && result.hits().equals(hits);
  }

  private boolean scansAgree(BruteForce brute, int[] expected, long[] query) {
    int[] distances = Arrays.stream(expected).map(brute::distance).toArray();
    var one = flat.nearest(query, k);
    var inBlock = flat.nearest(List.of(queryWords.getFirst(), query), k).getLast();
    return Arrays.equals(one.positions(), expected)
        && Arrays.equals(one.distances(), distances)
        && Arrays.equals(inBlock.positions(), expected)
        && Arrays.equals(inBlock.distances(), distances);
  }
}
