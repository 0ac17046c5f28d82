package dev.mekiki.benchmarks.match;

import dev.mekiki.benchmarks.data.CodeData;
import dev.mekiki.benchmarks.data.CodeSet;
import dev.mekiki.benchmarks.data.DataOptions;
import dev.mekiki.benchmarks.data.Fingerprints;
import dev.mekiki.benchmarks.data.ImageIds;
import dev.mekiki.benchmarks.flat.FlatScan;
import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.benchmarks.report.Progress;
import dev.mekiki.benchmarks.report.Samples;
import dev.mekiki.benchmarks.report.WarmUp;
import dev.mekiki.hashing.bucket.IdOrder;
import dev.mekiki.hashing.bucket.IndexedImage;
import dev.mekiki.hashing.bucket.MatchCandidate;
import dev.mekiki.hashing.bucket.PartitionIndex;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.routing.PlacementPlan;
import dev.mekiki.hashing.routing.Routing;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Lets images arrive at the partitions of one process: plans where each belongs, puts it there,
/// asks each partition for candidates and tells the pairs that are to be told there, as placement
/// and partition index do between reading a record and writing an event.
final class MatchMeasurement {
  private static final int FLAT_K = 10;
  private static final Duration WARM_LEAST = Duration.ofMillis(500);
  private static final Duration WARM_MOST = Duration.ofSeconds(3);
  private static final Duration FLAT_LIMIT = Duration.ofSeconds(1);
  private static final int FLAT_SCANS = 200;

  /// Whatever is measured must leave a trace, or the compiler may leave it out.
  private static volatile long trace;

  private final DataOptions options;
  private final MatchSettings settings;
  private final Output output;
  private final CodeSet codes;
  private final Fingerprints fingerprints;
  private final Arrivals arrivals;
  private final Routing routing;
  private final PartitionIndex[] partitions;

  MatchMeasurement(CodeData data, DataOptions options, MatchSettings settings, Output output) {
    this.options = options;
    this.settings = settings;
    this.output = output;
    this.codes = data.codes();
    this.fingerprints = new Fingerprints(options.seed());
    this.arrivals =
        Arrivals.draw(data, fingerprints, settings.duplicates, settings.radius, options.seed());
    this.routing = Routing.byProximity(data.centers(), settings.partitions);
    this.partitions =
        IntStream.range(0, settings.partitions)
            .mapToObj(_ -> new PartitionIndex(data.centers()))
            .toArray(PartitionIndex[]::new);
  }

  MatchReport run() {
    long indexNanos = index();
    double flat = flatMicros();
    warmUp();
    int count = arrivals.codes().size();
    output.phase("%,d arrivals".formatted(count));
    Told told = new Told(count);
    Samples times = new Samples();
    long start = System.nanoTime();
    long before = start;
    for (int arrival = 0; arrival < count; arrival++) {
      told.begin(arrival);
      arrive(arrival, told);
      long now = System.nanoTime();
      times.add(now - before);
      before = now;
    }
    long nanos = before - start;
    told.end();
    long copies = Arrays.stream(partitions).mapToLong(PartitionIndex::images).sum();
    return new MatchReport(
        codes.size(),
        count,
        codes.bits(),
        options.distribution(),
        options.classes(),
        settings.partitions,
        settings.radius,
        settings.fingerprintRadius,
        Figures.seconds(indexNanos),
        Figures.perSecond(count, nanos),
        times.micros(0.5),
        times.micros(0.99),
        Figures.rounded((double) copies / (codes.size() + count)),
        flat,
        told.count(),
        isComplete(told),
        told.duplicates());
  }

  private long index() {
    long start = System.nanoTime();
    try (Progress progress = new Progress("index", codes.size())) {
      for (int i = 0; i < codes.size(); i++) {
        HashCode code = codes.code(i);
        PlacementPlan plan = routing.plan(code, settings.radius);
        put(ImageIds.of(i), code, fingerprints.of(i), plan);
        progress.step();
      }
      return System.nanoTime() - start;
    }
  }

  private void put(String id, HashCode code, Fingerprint fingerprint, PlacementPlan plan) {
    for (int partition : plan.partitions()) {
      partitions[partition].put(image(id, code, fingerprint, plan, partition));
    }
  }

  private static IndexedImage image(
      String id, HashCode code, Fingerprint fingerprint, PlacementPlan plan, int partition) {
    return new IndexedImage(id, code, fingerprint, plan.homePartition() == partition, Map.of());
  }

  private double flatMicros() {
    output.phase("flat scan");
    FlatScan flat = new FlatScan(codes.array(), codes.size(), codes.bits());
    int[] next = {0};
    Runnable scan =
        () -> {
          long[] query = arrivals.codes().get(next[0]++ % arrivals.codes().size()).words();
          trace = flat.nearest(query, FLAT_K).distances()[0];
        };
    WarmUp.run(WARM_LEAST, WARM_MOST, scan);
    Samples samples = new Samples();
    long deadline = System.nanoTime() + FLAT_LIMIT.toNanos();
    for (int i = 0; i < FLAT_SCANS && (i < 3 || System.nanoTime() < deadline); i++) {
      long start = System.nanoTime();
      scan.run();
      samples.add(System.nanoTime() - start);
    }
    return samples.micros(0.5);
  }

  /// Asks for candidates and puts nothing: putting is warm since the indexing.
  private void warmUp() {
    output.phase("warming up");
    int[] next = {0};
    WarmUp.run(
        WARM_LEAST,
        WARM_MOST,
        () -> {
          for (int i = 0; i < 50; i++) {
            int arrival = next[0]++ % arrivals.codes().size();
            HashCode code = arrivals.codes().get(arrival);
            PlacementPlan plan = routing.plan(code, settings.radius);
            for (int partition : plan.partitions()) {
              trace =
                  partitions[partition]
                      .candidates(
                          code,
                          arrivals.fingerprints().get(arrival),
                          settings.radius,
                          settings.fingerprintRadius,
                          plan.homePartition() == partition)
                      .size();
            }
          }
        });
  }

  private void arrive(int arrival, Told told) {
    int number = codes.size() + arrival;
    String id = ImageIds.of(number);
    HashCode code = arrivals.codes().get(arrival);
    Fingerprint fingerprint = arrivals.fingerprints().get(arrival);
    PlacementPlan plan = routing.plan(code, settings.radius);
    for (int partition : plan.partitions()) {
      PartitionIndex index = partitions[partition];
      index.put(image(id, code, fingerprint, plan, partition));
      boolean isHome = plan.homePartition() == partition;
      for (MatchCandidate candidate :
          index.candidates(
              code, fingerprint, settings.radius, settings.fingerprintRadius, isHome)) {
        if (isToldHere(id, isHome, candidate)) {
          told.add(number, ImageIds.number(candidate.id()));
        }
      }
    }
  }

  /// The rule of {@link dev.mekiki.hashing.match.MatchRule}: at the home of the smaller id.
  private static boolean isToldHere(String arrival, boolean isHome, MatchCandidate candidate) {
    int order = IdOrder.COMPARATOR.compare(arrival, candidate.id());
    return order != 0 && (order < 0 ? isHome : candidate.home());
  }

  /// Compares what was told of some arrivals with every image that stood there before them.
  private boolean isComplete(Told told) {
    int count = arrivals.codes().size();
    output.phase(
        "comparing %d arrivals with brute force".formatted(Math.min(settings.checks, count)));
    int wrong = 0;
    for (int arrival :
        new SplittableRandom(options.seed())
            .ints(0, count)
            .distinct()
            .limit(Math.min(settings.checks, count))
            .toArray()) {
      if (!Arrays.equals(told.partners(arrival), partners(arrival))) {
        wrong++;
      }
    }
    if (wrong > 0) {
      output.phase("%d arrivals told other pairs than brute force".formatted(wrong));
    }
    return wrong == 0;
  }

  private int[] partners(int arrival) {
    HashCode code = arrivals.codes().get(arrival);
    Fingerprint fingerprint = arrivals.fingerprints().get(arrival);
    long[] words = code.words();
    IntStream indexed =
        IntStream.range(0, codes.size())
            .filter(i -> codes.distance(i, words) <= settings.radius)
            .filter(i -> isNear(fingerprint, fingerprints.of(i)));
    IntStream arrived =
        IntStream.range(0, arrival)
            .filter(i -> arrivals.codes().get(i).distance(code) <= settings.radius)
            .filter(i -> isNear(fingerprint, arrivals.fingerprints().get(i)))
            .map(i -> codes.size() + i);
    return IntStream.concat(indexed, arrived).toArray();
  }

  private boolean isNear(Fingerprint a, Fingerprint b) {
    return a.distance(b) <= settings.fingerprintRadius;
  }
}
