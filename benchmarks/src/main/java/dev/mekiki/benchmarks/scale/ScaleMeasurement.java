package dev.mekiki.benchmarks.scale;

import dev.mekiki.benchmarks.data.CodeData;
import dev.mekiki.benchmarks.data.DataOptions;
import dev.mekiki.benchmarks.data.ReachConverter;
import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.benchmarks.testbed.CodeSender;
import dev.mekiki.benchmarks.testbed.Gauges;
import dev.mekiki.benchmarks.testbed.Generations;
import dev.mekiki.benchmarks.testbed.MadeUpImages;
import dev.mekiki.benchmarks.testbed.Testbed;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.schemas.v1.Generation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Sends the same codes to one index process after another number of them, each number on a broker
/// of its own, and measures what each process needs for its share.
final class ScaleMeasurement {
  /// Partitions of `matches`.
  private static final int MATCH_PARTITIONS = 8;

  private static final Duration QUIET = Duration.ofSeconds(3);
  private static final Duration LOOK = Duration.ofMillis(20);

  /// Matches that have not come for so long are lost.
  private static final Duration LOST = Duration.ofSeconds(30);

  private final DataOptions options;
  private final ScaleSettings settings;
  private final Output output;
  private final int partitions;
  private final MadeUpImages images;
  private final Routing routing;
  private final Generation generation;

  ScaleMeasurement(DataOptions options, ScaleSettings settings, Output output, int partitions)
      throws IOException {
    this.options = options;
    this.settings = settings;
    this.output = output;
    this.partitions = partitions;
    output.phase("drawing %,d codes".formatted(settings.codes));
    CodeData data = options.load(settings.codes, 1);
    images =
        new MadeUpImages(
            data.codes(), settings.codes, settings.codeFlips(options.bits()), options.seed());
    routing = settings.routing(data, partitions);
    generation = Generations.of(routing);
  }

  ScaleReport run(List<Integer> counts) throws IOException, InterruptedException {
    List<ScaleReport.Instances> runs = new ArrayList<>();
    for (int count : counts) {
      try (Testbed testbed = Testbed.start(settings.data())) {
        runs.add(new Run(testbed, count).measure());
      }
    }
    return new ScaleReport(
        settings.codes,
        options.bits(),
        options.distribution(),
        options.hot(),
        routing.splitBuckets(),
        partitions,
        ReachConverter.name(settings.reach()),
        settings.threads,
        runs);
  }

  /// One number of instances.
  private final class Run {
    private final Testbed testbed;
    private final int count;
    private final String name;
    private final Map<String, String> configuration;
    private final List<IndexProcess> instances = new ArrayList<>();

    Run(Testbed testbed, int count) {
      this.testbed = testbed;
      this.count = count;
      this.name = "scale-" + count;
      this.configuration = settings.configuration(name, testbed.bootstrapServers());
    }

    ScaleReport.Instances measure() throws IOException, InterruptedException {
      output.phase("%d index processes".formatted(count));
      testbed.announce(name, MATCH_PARTITIONS, generation);
      try (PairWatch pairs = new PairWatch(testbed.clients(), Testbed.topics(name).matches());
          GroupProgress group = new GroupProgress(testbed.clients(), name + ".")) {
        for (int i = 0; i < count; i++) {
          instances.add(start(testbed.directory().resolve("instance-" + i)));
        }
        group.awaitMembers(count * settings.threads, QUIET, settings.limit());
        List<Long> idleHeap = largestFirst(heap());
        List<Long> before = cpu();
        long start = System.nanoTime();
        long end = send(pairs, group);
        List<Double> cpu = cpuSeconds(before);
        List<Long> heap = largestFirst(heap());
        List<Long> indexed = images();

        output.phase("ending and starting again");
        instances.forEach(IndexProcess::close);
        List<Long> store = new ArrayList<>();
        for (IndexProcess instance : instances) {
          store.add(instance.storeBytes());
        }
        List<Path> directories = instances.stream().map(IndexProcess::directory).toList();
        instances.clear();
        for (Path directory : directories) {
          instances.add(start(directory));
        }
        awaitIndexed(settings.codes);
        group.awaitMembers(count * settings.threads, QUIET, settings.limit());
        output.phase("kill -9");
        double restore = restoreSeconds();
        group.awaitStandstill(QUIET, settings.limit());
        return new ScaleReport.Instances(
            count,
            largestFirst(indexed),
            Figures.seconds(end - start),
            largestFirst(cpu),
            heap,
            idleHeap,
            largestFirst(store),
            restore,
            pairs.isComplete(images, settings.codes),
            pairs.duplicates());
      } finally {
        instances.forEach(IndexProcess::close);
      }
    }

    private IndexProcess start(Path directory) throws IOException, InterruptedException {
      return IndexProcess.start(directory, settings.heap, configuration);
    }

    /// Sends all codes and waits until the instances have nothing left to do.
    ///
    /// @return when everything was seen, by {@link System#nanoTime}
    private long send(PairWatch pairs, GroupProgress group) throws InterruptedException {
      output.phase("%,d codes".formatted(settings.codes));
      int copies = images.copies(0, settings.codes);
      try (CodeSender sender = new CodeSender(testbed.clients(), Testbed.topics(name), images)) {
        for (int number = 0; number < settings.codes; number++) {
          sender.send(number);
        }
        sender.flush();
      }
      awaitIndexed(settings.codes);
      long end = System.nanoTime();
      int seen = pairs.pairs();
      while (seen < copies && System.nanoTime() - end < LOST.toNanos()) {
        Thread.sleep(LOOK);
        if (pairs.pairs() != seen) {
          seen = pairs.pairs();
          end = System.nanoTime();
        }
      }
      group.awaitStandstill(QUIET, settings.limit());
      return end;
    }

    private void awaitIndexed(int codes) throws InterruptedException {
      long _ =
          Gauges.await("%,d images".formatted(codes), settings.limit(), () -> indexed() >= codes);
    }

    private long indexed() {
      return images().stream().mapToLong(Long::longValue).sum();
    }

    private List<Long> images() {
      return instances.stream().map(instance -> instance.gauges().images()).toList();
    }

    private double restoreSeconds() throws IOException, InterruptedException {
      IndexProcess fullest =
          instances.stream()
              .max(Comparator.comparingLong(instance -> instance.gauges().images()))
              .orElseThrow();
      instances.remove(fullest);
      long start = System.nanoTime();
      fullest.kill();
      instances.add(start(fullest.directory()));
      awaitIndexed(settings.codes);
      return Figures.seconds(System.nanoTime() - start);
    }

    private List<Long> heap() {
      return instances.stream().map(instance -> instance.jvm().liveHeapBytes()).toList();
    }

    private List<Long> cpu() {
      return instances.stream().map(instance -> instance.jvm().cpuNanos()).toList();
    }

    private List<Double> cpuSeconds(List<Long> before) {
      List<Double> seconds = new ArrayList<>();
      for (int i = 0; i < instances.size(); i++) {
        seconds.add(Figures.seconds(instances.get(i).jvm().cpuNanos() - before.get(i)));
      }
      return seconds;
    }

    private static <T extends Comparable<T>> List<T> largestFirst(List<T> values) {
      return values.stream().sorted(Comparator.reverseOrder()).toList();
    }
  }
}
