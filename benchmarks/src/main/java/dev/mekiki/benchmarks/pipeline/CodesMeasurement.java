package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.data.CodeData;
import dev.mekiki.benchmarks.data.DataOptions;
import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.benchmarks.testbed.CpuShare;
import dev.mekiki.benchmarks.testbed.Generations;
import dev.mekiki.benchmarks.testbed.MadeUpImages;
import dev.mekiki.benchmarks.testbed.Testbed;
import dev.mekiki.schemas.v1.Generation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// From image-codes to matches: first without matching, then with it, then at steady rates.
final class CodesMeasurement {
  /// Codes that warm both topologies and the broker up, before anything counts.
  private static final int WARM_UP = 20_000;

  /// No code path is faster; it bounds what is drawn for the steady rates before the rate is known.
  private static final int HIGHEST_RATE = 60_000;

  private final DataOptions options;
  private final PipelineSettings settings;
  private final Output output;
  private final int codes;

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
    output.phase("drawing %,d codes".formatted(codes + later));
    CodeData data = options.load(codes + later, 1);
    MadeUpImages images = new MadeUpImages(data.codes(), codes, settings.radius, options.seed());
    Generation generation = Generations.of(data.centers(), settings.partitions, settings.radius);
    try (Testbed testbed = Testbed.start(settings.data)) {
      int warm = Math.min(codes, WARM_UP);
      try (IndexRun run =
          new IndexRun(testbed, "warm-up", settings.configuration(true), generation, images)) {
        output.phase("warming up with %,d codes".formatted(warm));
        run.rate(warm, 0, settings.limit());
      }
      double bare;
      try (IndexRun run =
          new IndexRun(testbed, "bare", settings.configuration(false), generation, images)) {
        output.phase("%,d codes without matching".formatted(codes));
        bare = run.rate(codes, 0, settings.limit());
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
    double highest = run.rate(codes, images.copies(0, codes), settings.limit());
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
    return new CodesReport(
        codes,
        options.bits(),
        options.distribution(),
        settings.partitions,
        settings.radius,
        settings.threads,
        settings.commitIntervalMs,
        highest,
        bare,
        Figures.rounded(brokerShare),
        Figures.rounded((double) run.placements(codes) / codes),
        run.matches().images(),
        isComplete(run.matches(), images, next),
        latencies);
  }

  /// Each copy was told once and nothing else was.
  private static boolean isComplete(MatchWatch matches, MadeUpImages images, int to) {
    for (int number = 0; number < to; number++) {
      if (matches.count(number) != (images.isCopy(number) ? 1 : 0)) {
        return false;
      }
    }
    return true;
  }
}
