package dev.mekiki.index.copies;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/// What the partitions of landmarks on this instance hold and find, as `mekiki.index.copies.*`.
/// Thread-safe.
public final class CopyMetrics {
  final DistributionSummary candidates;
  final Timer search;
  final Counter leftOut;
  final Counter heldBack;
  final Counter stale;
  final Counter sentAgain;
  final Counter expired;
  final Counter probesProcessed;
  final Counter probesRepeated;

  public CopyMetrics(MeterRegistry registry, HostedLandmarks hosted) {
    candidates =
        DistributionSummary.builder("mekiki.index.copies.candidates")
            .description("Pairs passed on to be verified, of one arrival or probe")
            .register(registry);
    search =
        Timer.builder("mekiki.index.copies.search")
            .description("Looking for copies of one query picture in one partition of landmarks")
            .publishPercentiles(0.5, 0.99)
            .register(registry);
    leftOut =
        counter(
            registry, "left.out", "Pairs that the limit of candidates left out of verification");
    heldBack =
        counter(
            registry,
            "held.back",
            "Landmarks and probes not looked up, as their picture is in quarantine or muted");
    stale = counter(registry, "stale", "Landmarks ignored because newer ones are known");
    sentAgain =
        counter(
            registry, "sent.again", "Landmarks and deletes ignored because they were sent again");
    expired =
        counter(registry, "expired", "Images removed because they have expired, or are too old");
    probesProcessed = counter(registry, "probes.processed", "Probes processed");
    probesRepeated =
        counter(
            registry,
            "probes.repeated",
            "Probes processed again because the group's offsets were lost");
    Gauge.builder(
            "mekiki.index.copies.images",
            hosted,
            stores ->
                stores.stores().all().stream()
                    .filter(LandmarkStore::isActive)
                    .mapToInt(LandmarkStore::images)
                    .sum())
        .description("Images whose landmarks lie in partitions active on this instance")
        .register(registry);
    Gauge.builder(
            "mekiki.index.copies.bytes",
            hosted,
            stores -> stores.stores().all().stream().mapToLong(LandmarkStore::structureBytes).sum())
        .description("Heap of the structures of landmarks open here, those of standbys included")
        .baseUnit("bytes")
        .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder("mekiki.index.copies." + name)
        .description(description)
        .register(registry);
  }
}
