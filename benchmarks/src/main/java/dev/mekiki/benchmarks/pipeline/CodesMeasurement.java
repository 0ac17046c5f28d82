package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.data.CodeData;
import dev.mekiki.benchmarks.data.DataOptions;
import dev.mekiki.benchmarks.data.ReachConverter;
import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.benchmarks.report.Samples;
import dev.mekiki.benchmarks.testbed.CpuShare;
import dev.mekiki.benchmarks.testbed.Generations;
import dev.mekiki.benchmarks.testbed.MadeUpImages;
import dev.mekiki.benchmarks.testbed.Testbed;
import dev.mekiki.query.QueryConfig;
import dev.mekiki.schemas.v1.Generation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// Measures the path from image-codes to matches: without matching, with matching, at steady rates,
/// and with searches at the same time.
final class CodesMeasurement {
  /// Codes that warm up both topologies and the broker before anything is measured.
  private static final int WARM_UP = 20_000;

  /// An upper limit of the rate: the codes for the steady rates are drawn before the rate is known.
  private static final int HIGHEST_RATE = 60_000;

  private final DataOptions options;
  private final PipelineSettings settings;
  private final Output output;
  private final int codes;

  /// Share of the highest rate at which codes arrive while searches are timed.
  private static final double INGEST_LOAD = 0.5;

  /// Numbers to take copies from that are sent one at a time: one in twenty is a copy.
  private static final int SINGLE_NUMBERS = 3_000;

  CodesMeasurement(DataOptions options, PipelineSettings settings, Output output, int codes) {
    this.options = options;
    this.settings = settings;
    this.output = output;
    this.codes = codes;
  }

  CodesReport run() throws IOException, InterruptedException {
    int later = 0;
    for (double load : settings.loads) {
      later += Load.images(load, HIGHEST_RATE, settings.seconds);
    }
    later += Load.images(INGEST_LOAD, HIGHEST_RATE, settings.seconds) + SINGLE_NUMBERS;
    output.phase("drawing %,d codes".formatted(codes + later));
    CodeData data = options.load(codes + later, 1);
    MadeUpImages images =
        new MadeUpImages(data.codes(), codes, settings.codeFlips(options.bits()), options.seed());
    Generation generation = Generations.of(data.centers(), settings.partitions);
    try (Testbed testbed = Testbed.start(settings.data())) {
      int warm = Math.min(codes, WARM_UP);
      try (IndexRun run =
          new IndexRun(testbed, "warm-up", settings.configuration(true), generation, images)) {
        output.phase("warming up with %,d codes".formatted(warm));
        run.rate(warm, true, settings.limit());
      }
      double bare;
      try (IndexRun run =
          new IndexRun(testbed, "bare", settings.configuration(false), generation, images)) {
        output.phase("%,d codes without matching".formatted(codes));
        bare = run.rate(codes, false, settings.limit());
      }
      try (IndexRun run =
          new IndexRun(testbed, "matching", settings.configuration(true), generation, images)) {
        return measure(testbed, run, images, bare);
      }
    }
  }

  private CodesReport measure(Testbed testbed, IndexRun run, MadeUpImages images, double bare)
      throws InterruptedException {
    output.phase("%,d codes with matching".formatted(codes));
    CpuShare broker = testbed.brokerCpu();
    double highest = run.rate(codes, true, settings.limit());
    double brokerShare = broker.share();
    Load load = new Load(run.matches(), run::send, images::isCopy);
    List<LatencyAtLoad> latencies = new ArrayList<>();
    int next = codes;
    for (double share : settings.loads) {
      output.phase("%,.0f codes a second".formatted(share * highest));
      int to = Math.min(images.size(), next + Load.images(share, highest, settings.seconds));
      latencies.add(load.run(share, highest, next, to));
      next = to;
    }
    output.phase("one code at a time");
    IdleLoad single = new IdleLoad(run, Duration.ofSeconds(2L * settings.seconds));
    IdleLatency idle = single.run(next, Math.min(images.size(), next + SINGLE_NUMBERS));
    next = single.next();
    int last = next + Load.images(INGEST_LOAD, highest, settings.seconds);
    SearchLatency searches = searches(testbed, run, load, highest, next, last);
    return new CodesReport(
        codes,
        options.bits(),
        options.distribution(),
        settings.partitions,
        ReachConverter.name(settings.reach()),
        settings.radius(),
        settings.threads,
        settings.commitIntervalMs,
        highest,
        bare,
        Figures.rounded(brokerShare),
        Figures.rounded(run.probesPerImage()),
        run.matches().images(),
        isComplete(run.matches(), images, last),
        latencies,
        idle,
        searches);
  }

  private SearchLatency searches(
      Testbed testbed, IndexRun run, Load load, double highest, int from, int to)
      throws InterruptedException {
    QueryConfig config =
        testbed
            .configuration(
                run.name(),
                Map.of("mekiki.query.port", "0", "mekiki.query.index-addresses", run.address()))
            .get(QueryConfig.class);
    try (SearchWatch watch = new SearchWatch(config, run.images(), codes)) {
      output.phase("searches by HTTP, alone");
      watch.warmUp(Duration.ofSeconds(2L * settings.seconds));
      Samples idle =
          watch.run(until(System.nanoTime() + Duration.ofSeconds(settings.seconds).toNanos()));
      output.phase(
          "searches by HTTP, beside %,.0f codes a second".formatted(INGEST_LOAD * highest));
      AtomicBoolean done = new AtomicBoolean();
      try (ExecutorService searcher = Executors.newSingleThreadExecutor()) {
        Future<Samples> during = searcher.submit(() -> watch.run(() -> !done.get()));
        try {
          var _ = load.run(INGEST_LOAD, highest, from, to);
        } finally {
          done.set(true);
        }
        Samples ingest = during.get();
        return new SearchLatency(
            idle.millis(0.5), idle.millis(0.99), ingest.millis(0.5), ingest.millis(0.99));
      } catch (ExecutionException e) {
        throw new IllegalStateException("a search that was answered before", e.getCause());
      }
    }
  }

  private static BooleanSupplier until(long nanos) {
    return () -> System.nanoTime() < nanos;
  }

  /// Each copy was reported once and nothing else was.
  private static boolean isComplete(MatchWatch matches, MadeUpImages images, int to) {
    for (int number = 0; number < to; number++) {
      if (matches.count(number) != (images.isCopy(number) ? 1 : 0)) {
        return false;
      }
    }
    return true;
  }
}
