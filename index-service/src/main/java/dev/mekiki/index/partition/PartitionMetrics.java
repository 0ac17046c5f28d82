package dev.mekiki.index.partition;

import dev.mekiki.hashing.match.MatchLevel;
import dev.mekiki.schemas.v1.Quarantine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
  private final Map<Quarantine.State, Counter> quarantines = new EnumMap<>(Quarantine.State.class);
  final Counter heldBack;
  final Counter leftOut;
  final DistributionSummary arrivalCandidates;
  final DistributionSummary probeCandidates;
  final Counter probesProcessed;
  final Counter probesRepeated;
  final Counter searches;
  final Counter bucketsTouched;
  final Counter shellsTouched;
  final Counter codesTouched;
  private final Counter arrivals;
  private final Counter probesSent;
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
    for (Quarantine.State state : List.of(Quarantine.State.BEGAN, Quarantine.State.ENDED)) {
      quarantines.put(
          state,
          Counter.builder("mekiki.index.quarantines")
              .description("Quarantines that flood control began and ended")
              .tag("state", state.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    heldBack =
        counter(
            registry,
            "mekiki.index.held.back",
            "Arrivals and probes that were not looked up, as their picture is in quarantine or"
                + " muted");
    leftOut =
        counter(registry, "mekiki.index.matches.left.out", "Matches that the event cap left out");
    arrivalCandidates = candidates(registry, "arrival");
    probeCandidates = candidates(registry, "probe");
    arrivals = counter(registry, "mekiki.index.arrivals", "Revisions that arrived at their home");
    probesSent = counter(registry, "mekiki.index.probes.sent", "Probes sent to other partitions");
    probesProcessed =
        counter(
            registry, "mekiki.index.probes.processed", "Probes processed from other partitions");
    probesRepeated =
        counter(
            registry,
            "mekiki.index.probes.repeated",
            "Probes processed again because the group's offsets were lost");
    searches = counter(registry, "mekiki.index.searches", "Searches of one partition");
    bucketsTouched = counter(registry, "mekiki.index.buckets.touched", "Buckets read by searches");
    shellsTouched = counter(registry, "mekiki.index.shells.touched", "Shells read by searches");
    codesTouched = counter(registry, "mekiki.index.codes.touched", "Codes compared by searches");
    encoder = stage(registry, "encoder");
    placement = stage(registry, "placement");
    index = stage(registry, "index");
    total = stage(registry, "total");
    Gauge.builder("mekiki.index.images", hosted, PartitionMetrics::images)
        .description("Images homed here, in the partitions active on this instance")
        .register(registry);
    Gauge.builder(
            "mekiki.index.structure.bytes",
            hosted,
            stores -> stores.all().stream().mapToLong(PlacementStore::structureBytes).sum())
        .description("Heap of the search structures open here, those of standbys included")
        .register(registry);
  }

  /// Counts an arrival, which sent so many probes.
  void arrived(int probes) {
    arrivals.increment();
    probesSent.increment(probes);
  }

  void quarantined(Quarantine.State state) {
    Counter counter = quarantines.get(state);
    if (counter != null) {
      counter.increment();
    }
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
  public void searched(PartitionHits answer) {
    searches.increment();
    bucketsTouched.increment(answer.bucketsTouched());
    shellsTouched.increment(answer.shellsTouched());
    codesTouched.increment((double) answer.codesTouched());
  }

  // Clocks of several machines differ, and the image's own timestamp is its producer's choice.
  private static void record(Timer timer, long fromMillis, long toMillis) {
    timer.record(Math.clamp(toMillis - fromMillis, 0, MAX_LATENCY_MILLIS), TimeUnit.MILLISECONDS);
  }

  private static double images(HostedPartitions hosted) {
    return hosted.all().stream()
        .filter(PlacementStore::isActive)
        .mapToInt(PlacementStore::images)
        .sum();
  }

  private static DistributionSummary candidates(MeterRegistry registry, String of) {
    return DistributionSummary.builder("mekiki.index.candidates")
        .description("Images looked at for one arrival, or for one probe")
        .tag("of", of)
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
