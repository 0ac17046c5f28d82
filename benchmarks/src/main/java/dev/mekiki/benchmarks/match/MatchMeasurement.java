package dev.mekiki.benchmarks.match;

import dev.mekiki.benchmarks.data.CodeData;
import dev.mekiki.benchmarks.data.CodeSet;
import dev.mekiki.benchmarks.data.DataOptions;
import dev.mekiki.benchmarks.data.Fingerprints;
import dev.mekiki.benchmarks.data.ReachConverter;
import dev.mekiki.benchmarks.flat.FlatScan;
import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.benchmarks.report.Progress;
import dev.mekiki.benchmarks.report.Samples;
import dev.mekiki.benchmarks.report.WarmUp;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Lets images arrive at the partitions of one process ({@link Partitions}) and measures what that
/// costs: what the partition index does between reading a record and writing an event.
final class MatchMeasurement {
  private static final int FLAT_K = 10;
  private static final int LISTED_BY_A_QUESTION = 256;
  private static final Duration MIN_WARM_UP = Duration.ofMillis(500);
  private static final Duration MAX_WARM_UP = Duration.ofSeconds(3);
  private static final Duration FLAT_LIMIT = Duration.ofSeconds(1);
  private static final int FLAT_SCANS = 200;

  /// Keeps the compiler from removing what is measured.
  private static volatile long trace;

  private final DataOptions options;
  private final MatchOptions matching;
  private final Output output;
  private final CodeSet codes;
  private final Fingerprints fingerprints;
  private final Arrivals arrivals;
  private final Partitions partitions;

  MatchMeasurement(CodeData data, DataOptions options, MatchOptions matching, Output output) {
    this.options = options;
    this.matching = matching;
    this.output = output;
    this.codes = data.codes();
    this.fingerprints = new Fingerprints(options.seed());
    this.arrivals =
        Arrivals.draw(data, fingerprints, matching.duplicates, matching.radius, options.seed());
    this.partitions =
        new Partitions(
            data.centers(),
            matching.partitions,
            new MatchPolicy(matching.reach, matching.radius, matching.fingerprintRadius, null),
            new KnownImages(codes, fingerprints, arrivals));
  }

  MatchReport run() {
    long indexNanos = index();
    double flat = flatMicros();
    warmUp();
    int count = arrivals.codes().size();
    output.phase("%,d arrivals".formatted(count));
    ReportedPairs reported = new ReportedPairs(count);
    Samples times = new Samples();
    partitions.startMeasuring();
    long start = System.nanoTime();
    long before = start;
    for (int arrival = 0; arrival < count; arrival++) {
      reported.begin(arrival);
      partitions.arrive(codes.size() + arrival, reported);
      long now = System.nanoTime();
      times.add(now - before);
      before = now;
    }
    long nanos = before - start;
    reported.end();
    return new MatchReport(
        codes.size(),
        count,
        codes.bits(),
        options.distribution(),
        options.classes(),
        matching.partitions,
        ReachConverter.name(matching.reach),
        matching.radius,
        matching.fingerprintRadius,
        Figures.seconds(indexNanos),
        Figures.perSecond(count, nanos),
        times.micros(0.5),
        times.micros(0.99),
        Figures.rounded((double) partitions.probes() / count),
        Figures.rounded(partitions.busiestShare()),
        Figures.rounded((double) partitions.bytes() / (codes.size() + count)),
        flat,
        reported.count(),
        isComplete(reported),
        reported.duplicates());
  }

  private long index() {
    long start = System.nanoTime();
    try (Progress progress = new Progress("index", codes.size())) {
      for (int i = 0; i < codes.size(); i++) {
        partitions.store(i);
        progress.step();
      }
      return System.nanoTime() - start;
    }
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
    WarmUp.run(MIN_WARM_UP, MAX_WARM_UP, scan);
    Samples samples = new Samples();
    long deadline = System.nanoTime() + FLAT_LIMIT.toNanos();
    for (int i = 0; i < FLAT_SCANS && (i < 3 || System.nanoTime() < deadline); i++) {
      long start = System.nanoTime();
      scan.run();
      samples.add(System.nanoTime() - start);
    }
    return samples.micros(0.5);
  }

  /// Asks for candidates and puts nothing: putting is warm since the indexing. Where partitions
  /// list their rows by fingerprint, each question lists some, and as many are asked as list all: a
  /// partition that grew while it was asked has them.
  private void warmUp() {
    output.phase("warming up");
    int[] next = {0};
    Runnable question =
        () -> trace = partitions.ask(codes.size() + next[0]++ % arrivals.codes().size());
    for (int i = 0; i < codes.size() / LISTED_BY_A_QUESTION; i++) {
      question.run();
    }
    WarmUp.run(
        MIN_WARM_UP,
        MAX_WARM_UP,
        () -> {
          for (int i = 0; i < 50; i++) {
            question.run();
          }
        });
  }

  /// Compares the pairs reported for some arrivals with all images that were there before them.
  private boolean isComplete(ReportedPairs reported) {
    int count = arrivals.codes().size();
    output.phase(
        "comparing %d arrivals with brute force".formatted(Math.min(matching.checks, count)));
    int wrong = 0;
    for (int arrival :
        new SplittableRandom(options.seed())
            .ints(0, count)
            .distinct()
            .limit(Math.min(matching.checks, count))
            .toArray()) {
      if (!Arrays.equals(reported.partners(arrival), partners(arrival))) {
        wrong++;
      }
    }
    if (wrong > 0) {
      output.phase("%d arrivals reported other pairs than brute force".formatted(wrong));
    }
    return wrong == 0;
  }

  private int[] partners(int arrival) {
    HashCode code = arrivals.codes().get(arrival);
    Fingerprint fingerprint = arrivals.fingerprints().get(arrival);
    long[] words = code.words();
    IntStream indexed =
        IntStream.range(0, codes.size())
            .filter(i -> isReached(codes.distance(i, words)))
            .filter(i -> isNear(fingerprint, fingerprints.of(i)));
    IntStream arrived =
        IntStream.range(0, arrival)
            .filter(i -> isReached(arrivals.codes().get(i).distance(code)))
            .filter(i -> isNear(fingerprint, arrivals.fingerprints().get(i)))
            .map(i -> codes.size() + i);
    return IntStream.concat(indexed, arrived).toArray();
  }

  private boolean isReached(int codeDistance) {
    return matching.reach == Reach.EVERYWHERE || codeDistance <= matching.radius;
  }

  private boolean isNear(Fingerprint a, Fingerprint b) {
    return a.distance(b) <= matching.fingerprintRadius;
  }
}
