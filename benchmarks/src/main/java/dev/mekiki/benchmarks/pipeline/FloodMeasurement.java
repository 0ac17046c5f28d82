package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.data.CodeData;
import dev.mekiki.benchmarks.data.DataOptions;
import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.benchmarks.testbed.Gauges;
import dev.mekiki.benchmarks.testbed.Generations;
import dev.mekiki.benchmarks.testbed.MadeUpImages;
import dev.mekiki.benchmarks.testbed.Testbed;
import dev.mekiki.schemas.v1.Generation;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Measures what a flood of copies of one picture does to everything else: the rate before and
/// during it, and the time until other pictures' matches.
final class FloodMeasurement {
  /// Share of the highest rate at which other pictures come beside the flood.
  private static final double OTHERS = 0.1;

  /// Share of the highest rate at which copies of one picture come beside them.
  private static final double FLOOD = 0.5;

  private static final int HIGHEST_RATE = 30_000;

  private final DataOptions options;
  private final PipelineSettings settings;
  private final Output output;
  private final int copies;

  FloodMeasurement(DataOptions options, PipelineSettings settings, Output output, int copies) {
    this.options = options;
    this.settings = settings;
    this.output = output;
    this.copies = copies;
  }

  FloodReport run() throws IOException, InterruptedException {
    int others = Load.images(OTHERS, HIGHEST_RATE, settings.seconds);
    int flood = copies + 2 * others;
    output.phase("drawing %,d codes".formatted(flood + copies));
    CodeData data = options.load(flood + copies, 1);
    MadeUpImages images =
        new MadeUpImages(
            data.codes(), copies, settings.codeFlips(options.bits()), options.seed(), flood);
    Generation generation = Generations.of(data.centers(), settings.partitions);
    try (Testbed testbed = Testbed.start(settings.data())) {
      try (IndexRun run =
          new IndexRun(testbed, "warm-up", settings.configuration(true), generation, images)) {
        output.phase("warming up");
        run.rate(Math.min(copies, 20_000), true, settings.limit());
      }
      try (IndexRun run =
          new IndexRun(testbed, "flood", settings.configuration(true), generation, images)) {
        return measure(run, images, flood);
      }
    }
  }

  private FloodReport measure(IndexRun run, MadeUpImages images, int flood)
      throws InterruptedException {
    output.phase("%,d codes of different pictures".formatted(copies));
    double normal = run.rate(copies, true, settings.limit());
    Load load = new Load(run.matches(), run::send, images::isCopy);
    int aloneTo = Math.min(flood, copies + Load.images(OTHERS, normal, settings.seconds));
    output.phase("%,.0f codes a second".formatted(OTHERS * normal));
    LatencyAtLoad alone = load.run(OTHERS, normal, copies, aloneTo);
    int besideTo = Math.min(flood, aloneTo + Load.images(OTHERS, normal, settings.seconds));

    int paced = Math.min(copies / 2, Load.images(FLOOD, normal, settings.seconds));
    output.phase("the same beside %,.0f copies of one picture a second".formatted(FLOOD * normal));
    LatencyAtLoad beside = beside(run, load, normal, aloneTo, besideTo, flood, flood + paced);

    output.phase("%,d more copies of it".formatted(copies - paced));
    long expected = (long) besideTo + copies;
    long start = System.nanoTime();
    for (int number = flood + paced; number < flood + copies; number++) {
      run.send(number);
    }
    long end =
        Gauges.await(
            "%,d images".formatted(expected), settings.limit(), () -> run.indexed() >= expected);
    double during = Figures.perSecond(copies - paced, end - start);
    if (run.heldBack() > 0) {
      // The index emits it within a second or so, which may be after the last image is indexed.
      Gauges.await(
          "an event about a quarantine", settings.limit(), () -> run.matches().quarantines() > 0);
    }
    long events = 0;
    for (int number = flood; number < flood + copies; number++) {
      events += run.matches().count(number);
    }
    return new FloodReport(
        copies,
        normal,
        during,
        Figures.rounded(during / normal),
        events,
        run.matches().quarantines(),
        run.heldBack(),
        alone,
        beside,
        isComplete(run.matches(), images, besideTo));
  }

  /// Sends other pictures at their rate while copies come at theirs.
  private static LatencyAtLoad beside(
      IndexRun run, Load load, double normal, int from, int to, int flood, int floodTo)
      throws InterruptedException {
    Load copies = new Load(run.matches(), run::send, _ -> false);
    try (ExecutorService sender = Executors.newSingleThreadExecutor()) {
      Future<?> flooding = sender.submit(() -> copies.run(FLOOD, normal, flood, floodTo));
      LatencyAtLoad beside = load.run(OTHERS, normal, from, to);
      flooding.get();
      return beside;
    } catch (ExecutionException e) {
      throw new IllegalStateException("copies could not be sent", e.getCause());
    }
  }

  /// Each copy of another picture was reported once.
  private static boolean isComplete(MatchWatch matches, MadeUpImages images, int to) {
    for (int number = 1; number < to; number++) {
      if (matches.count(number) != (images.isCopy(number) ? 1 : 0)) {
        return false;
      }
    }
    return true;
  }
}
