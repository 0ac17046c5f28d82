package dev.mekiki.index.placement;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// Counts what placement does, `mekiki.index.codes` by outcome and `mekiki.index.placements.sent`
/// by kind. Thread-safe.
public final class PlacementMetrics {
  final Counter placed;
  final Counter metadata;
  final Counter unchanged;
  final Counter sentAgain;
  final SourceOrder sourceOrder;
  final Counter deleted;
  final Counter unknown;
  final Counter rejected;
  final Counter ended;
  final Counter expired;
  final Counter upserts;
  final Counter tombstones;

  public PlacementMetrics(MeterRegistry registry) {
    placed = outcome(registry, "placed");
    metadata = outcome(registry, "metadata");
    unchanged = outcome(registry, "unchanged");
    sentAgain = outcome(registry, "sent-again");
    deleted = outcome(registry, "deleted");
    unknown = outcome(registry, "unknown");
    rejected = outcome(registry, "rejected");
    ended = outcome(registry, "expired");
    expired =
        Counter.builder("mekiki.index.expired")
            .description("Images removed because they have expired, or are too old to be kept")
            .register(registry);
    sourceOrder =
        new SourceOrder(
            outcome(registry, "stale"),
            Counter.builder("mekiki.index.codes.recreated")
                .description("Codes of a lower offset than known, taken as a re-created topic's")
                .register(registry));
    upserts = sent(registry, "upsert");
    tombstones = sent(registry, "tombstone");
  }

  private static Counter outcome(MeterRegistry registry, String outcome) {
    return Counter.builder("mekiki.index.codes")
        .description("Records read from image-codes, by what became of them")
        .tag("outcome", outcome)
        .register(registry);
  }

  private static Counter sent(MeterRegistry registry, String kind) {
    return Counter.builder("mekiki.index.placements.sent")
        .description("Placements sent to home partitions")
        .tag("kind", kind)
        .register(registry);
  }
}
