package dev.mekiki.index.partition;

import dev.mekiki.hashing.match.MatchLevel;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;

/// What the partitions of this instance hold, match and search, as `mekiki.index.*`. Thread-safe.
public final class PartitionMetrics {
  /// Upper bounds of the latency histogram. Several instances' histograms add up, quantiles do not.
  private static final Duration[] LATENCY_BUCKETS =
      LongStream.of(10, 20, 50, 100, 150, 200, 300, 400, 600, 800, 1_000, 2_000, 5_000, 30_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  /// Images may carry any time of the years 1 to 9999; more than this is no latency.
  private static final long MAX_LATENCY_MILLIS = Duration.ofDays(1).toMillis();

  private final Map<MatchLevel, Counter> matches = new EnumMap<>(MatchLevel.class);
  final Counter leftOut;
  final DistributionSummary candidates;
  final Counter probes;
  final Counter bucketsTouched;
  final Counter shellsTouched;
  final Counter codesTouched;
  private final Timer encoder;
  private final Timer placement;
  private final Timer index;
  private final Timer total;

  public PartitionMetrics(MeterRegistry registry, HostedPartitions hosted) {
    for (MatchLevel kind : MatchLevel.values()) {
      matches.put(
          kind,
          Counter.builder("mekiki.index.matches")
              .description("Match events emitted")
              .tag("kind", kind.name())
              .register(registry));
    }
    leftOut =
        counter(registry, "mekiki.index.matches.left.out", "Matches that the event cap left out");
    candidates =
        DistributionSummary.builder("mekiki.index.candidates")
            .description("Images looked at for one arrival")
            .register(registry);
    probes = counter(registry, "mekiki.index.probes", "Searches of one partition");
    bucketsTouched = counter(registry, "mekiki.index.buckets.touched", "Buckets read by searches");
    shellsTouched = counter(registry, "mekiki.index.shells.touched", "Shells read by searches");
    codesTouched = counter(registry, "mekiki.index.codes.touched", "Codes compared by searches");
    encoder = stage(registry, "encoder");
    placement = stage(registry, "placement");
    index = stage(registry, "index");
    total = stage(registry, "total");
    gauge(registry, hosted, "mekiki.index.images", "Images homed here", PlacementStore::homeImages);
    gauge(
        registry,
        hosted,
        "mekiki.index.placements",
        "Placements here, boundary replicas included",
        PlacementStore::placements);
    Gauge.builder(
            "mekiki.index.structure.bytes",
            hosted,
            stores -> stores.all().stream().mapToLong(PlacementStore::structureBytes).sum())
        .description("Heap of the search structures open here, those of standbys included")
        .register(registry);
    Gauge.builder("mekiki.index.replication.factor", hosted, PartitionMetrics::replicationFactor)
        .description("Placements for each image in the partitions active here")
        .register(registry);
  }

  void matched(MatchLevel kind) {
    counterOf(kind).increment();
  }

  /// Records how long an image took from `images` to its match, by stage.
  void latency(long imageMillis, long encodedMillis, long placedMillis, long matchedMillis) {
    record(encoder, imageMillis, encodedMillis);
    record(placement, encodedMillis, placedMillis);
    record(index, placedMillis, matchedMillis);
    record(total, imageMillis, matchedMillis);
  }

  private Counter counterOf(MatchLevel kind) {
    Counter counter = matches.get(kind);
    if (counter == null) {
      throw new IllegalStateException("no counter for " + kind);
    }
    return counter;
  }

  /// Counts one answered search of a partition.
  public void probed(PartitionHits answer) {
    probes.increment();
    bucketsTouched.increment(answer.bucketsTouched());
    shellsTouched.increment(answer.shellsTouched());
    codesTouched.increment((double) answer.codesTouched());
  }

  // Clocks of several machines differ, and the image's own timestamp is its producer's choice.
  private static void record(Timer timer, long fromMillis, long toMillis) {
    timer.record(Math.clamp(toMillis - fromMillis, 0, MAX_LATENCY_MILLIS), TimeUnit.MILLISECONDS);
  }

  private static double replicationFactor(HostedPartitions hosted) {
    long images = active(hosted, PlacementStore::homeImages);
    return images == 0 ? 0 : (double) active(hosted, PlacementStore::placements) / images;
  }

  private static long active(HostedPartitions hosted, ToIntFunction<PlacementStore> count) {
    return hosted.all().stream().filter(PlacementStore::isActive).mapToInt(count).sum();
  }

  private static void gauge(
      MeterRegistry registry,
      HostedPartitions hosted,
      String name,
      String description,
      ToIntFunction<PlacementStore> count) {
    Gauge.builder(name, hosted, stores -> active(stores, count))
        .description(description + ", in the partitions active on this instance")
        .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private static Timer stage(MeterRegistry registry, String stage) {
    return Timer.builder("mekiki.index.latency")
        .description("From images to the match event of an arrival, by stage")
        .tag("stage", stage)
        .serviceLevelObjectives(LATENCY_BUCKETS)
        .register(registry);
  }
}
