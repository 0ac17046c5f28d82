package dev.mekiki.benchmarks.landmarks;

import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.benchmarks.report.Progress;
import dev.mekiki.benchmarks.report.Samples;
import dev.mekiki.benchmarks.report.WarmUp;
import dev.mekiki.hashing.landmark.LandmarkCandidate;
import dev.mekiki.hashing.landmark.LandmarkIndex;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.landmark.StoredLandmarks;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Looks pictures up in one partition that grows, on one thread.
final class LandmarksMeasurement {
  /// As the index service asks.
  private static final int MIN_VOTES = 2;

  private static final Duration MIN_WARM_UP = Duration.ofSeconds(1);
  private static final Duration MAX_WARM_UP = Duration.ofSeconds(6);
  private static final int WARM_UP_ROUND = 100;

  private final Output output;
  private final LandmarkIndex index = new LandmarkIndex();
  private double lastMean = Double.NaN;
  private int lastSize;

  LandmarksMeasurement(Output output) {
    this.output = output;
  }

  /// Grows the partition by made-up pictures and looks up others.
  LandmarksReport madeUp(MadeUpLandmarks pictures, int size, int arrivals) {
    double seconds = grow(size, pictures::stored);
    List<SoughtLandmarks> sought = Stream.generate(pictures::sought).limit(arrivals).toList();
    return measure(sought, true, seconds, 0);
  }

  /// Indexes real pictures and looks each up among the others.
  ///
  /// @param arrivals how many of them at most
  LandmarksReport real(RealLandmarks real, int arrivals) {
    int[] next = {0};
    double seconds = grow(real.stored().size(), () -> real.stored().get(next[0]++));
    int count = Math.min(arrivals, real.sought().size());
    long own = 0;
    for (int picture = 0; picture < count; picture++) {
      own += real.ownKeys(picture);
    }
    return measure(real.sought().subList(0, count), false, seconds, own);
  }

  private double grow(int size, Supplier<StoredLandmarks> pictures) {
    long start = System.nanoTime();
    try (Progress progress = new Progress("index", size - index.size())) {
      while (index.size() < size) {
        index.add(pictures.get());
        progress.step();
      }
    }
    return Figures.seconds(System.nanoTime() - start);
  }

  /// @param own landmarks that arrivals read of themselves
  private LandmarksReport measure(
      List<SoughtLandmarks> arrivals, boolean madeUp, double seconds, long own) {
    output.phase("%,d pictures: %,d arrivals".formatted(index.size(), arrivals.size()));
    int[] next = {0};
    WarmUp.run(
        MIN_WARM_UP,
        MAX_WARM_UP,
        () -> {
          for (int i = 0; i < WARM_UP_ROUND; i++) {
            var _ = index.candidates(arrivals.get(next[0]++ % arrivals.size()), MIN_VOTES);
          }
        });
    long read = index.landmarksRead();
    Samples times = new Samples();
    long candidates = 0;
    long nanos = 0;
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long cpu = threads.getCurrentThreadCpuTime();
    for (int arrival = 0; arrival < arrivals.size(); arrival++) {
      int self = madeUp ? -1 : arrival;
      long start = System.nanoTime();
      List<LandmarkCandidate> found = index.candidates(arrivals.get(arrival), MIN_VOTES);
      long took = System.nanoTime() - start;
      times.add(took);
      nanos += took;
      candidates +=
          found.stream()
              .mapToInt(LandmarkCandidate::row)
              .filter(row -> row != self)
              .distinct()
              .count();
    }
    cpu = threads.getCurrentThreadCpuTime() - cpu;
    double count = arrivals.size();
    double mean = nanos / 1e3 / count;
    double growth = Math.log(mean / lastMean) / Math.log((double) index.size() / lastSize);
    lastMean = mean;
    lastSize = index.size();
    return new LandmarksReport(
        index.size(),
        madeUp,
        arrivals.size(),
        seconds,
        Figures.rounded(mean),
        times.micros(0.5),
        times.micros(0.99),
        Figures.rounded(cpu / 1e3 / count),
        Figures.rounded((index.landmarksRead() - read - own) / count),
        Figures.rounded(candidates / count),
        Figures.rounded((double) index.bytes() / index.size()),
        Figures.rounded(growth));
  }
}
