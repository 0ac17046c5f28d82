package dev.mekiki.index.partition;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.bucket.CandidateCriteria;
import dev.mekiki.hashing.bucket.MatchCandidate;
import dev.mekiki.hashing.match.MatchDecision;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.Placement;
import io.micrometer.core.instrument.DistributionSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Looks up the images of a partition that lie near one image, decides on each, and emits the
/// matches, the nearest first, up to a cap.
final class MatchEmitter {
  /// Beyond so many candidates for each event allowed, the rest is not looked up: "at least N".
  static final int LOOKUPS_PER_EVENT = 10;

  private static final byte[] NOTED = {};

  private final GenerationGeometry geometry;
  private final MatchSettings settings;
  private final Retention retention;
  private final CandidateCriteria criteria;
  private final PartitionMetrics metrics;

  MatchEmitter(
      GenerationGeometry geometry,
      MatchSettings settings,
      Retention retention,
      PartitionMetrics metrics) {
    this.geometry = geometry;
    this.settings = settings;
    this.retention = retention;
    this.criteria = settings.policy().criteria(geometry.bits());
    this.metrics = metrics;
  }

  /// Decides on one candidate.
  interface Decision {
    /// What is done with the pair.
    ///
    /// @param candidate an image of this partition
    /// @param row the same as it is stored
    MatchDecision of(PlacedRevision candidate, StoredRow row);
  }

  /// Emits the matches of an image.
  ///
  /// @param image an arrival here, or one of another partition that probes this one
  /// @param placement the image's
  /// @param candidates counts the images looked at
  /// @param now stamps matches, milliseconds since the epoch
  void emit(
      ProcessorContext<String, Object> context,
      PartitionState state,
      PlacedRevision image,
      Placement placement,
      Decision decision,
      DistributionSummary candidates,
      long now) {
    NearestCandidates nearest =
        new NearestCandidates(
            image.id(), (long) settings.maxEventsPerArrival() * LOOKUPS_PER_EVENT);
    @Nullable String tenant = settings.origins().tenantsShared() ? null : image.origin().tenant();
    state.store().candidates(image, criteria, FilterableKeys.filter(Map.of(), tenant), nearest);
    candidates.record(nearest.offered());
    Decisions decisions = decide(state, placement, nearest, decision, now);
    count(state, image, decisions, now);
    for (Decided decided : decisions.emitted()) {
      Match match = match(image.id(), placement, decided, decisions, now);
      // Without the placement's headers: those of an event are its attributes.
      context.forward(
          new Record<>(match.getLater().getId(), MatchEvents.event(match), now),
          MatchProcessor.MATCHES);
      context.forward(new Record<>(match.getEventId(), NOTED, now), MatchProcessor.REPORTED);
      metrics.matched(decided.emit().level());
    }
    if (!decisions.emitted().isEmpty()) {
      metrics.leftOut.increment((double) decisions.leftOut());
      metrics.latency(
          Timestamps.toMillis(placement.getImageTime()),
          Timestamps.toMillis(placement.getEncodedTime()),
          Timestamps.toMillis(placement.getPlacedTime()),
          now);
    }
  }

  private void count(PartitionState state, PlacedRevision image, Decisions decisions, long now) {
    long matches = decisions.emitted().size() + decisions.leftOut();
    if (matches == 0) {
      return;
    }
    state.floods().matched(image, matches, now);
    for (Decided decided : decisions.emitted()) {
      PlacedRevision other = decided.other(image);
      // Of the same fingerprint, it is counted already.
      if (!other.fingerprint().code().equals(image.fingerprint().code())) {
        state.floods().matched(other, 1, now);
      }
    }
  }

  private Match match(
      String imageId, Placement placement, Decided decided, Decisions decisions, long now) {
    Emit emit = decided.emit();
    boolean imageIsLater = emit.later().id().equals(imageId);
    return PlacedMatches.match(
            geometry,
            settings.policy(),
            emit,
            imageIsLater ? placement : decided.candidate(),
            imageIsLater ? decided.candidate() : placement,
            now)
        .toBuilder()
        .setLeftOut(decisions.leftOut())
        .setLeftOutAtLeast(decisions.leftOutAtLeast())
        .build();
  }

  private record Decided(Emit emit, Placement candidate) {
    PlacedRevision other(PlacedRevision image) {
      return emit.later().id().equals(image.id()) ? emit.earlier() : emit.later();
    }
  }

  private record Decisions(List<Decided> emitted, long leftOut, boolean leftOutAtLeast) {}

  private Decisions decide(
      PartitionState state,
      Placement placement,
      NearestCandidates nearest,
      Decision decision,
      long now) {
    List<Decided> emitted = new ArrayList<>();
    long leftOut = 0;
    for (MatchCandidate candidate : nearest.sorted()) {
      String id = candidate.id();
      StoredRow row =
          state
              .row(id)
              .orElseThrow(() ->
                  new IllegalStateException(
                      "image '%s' is in the search structure of partition %d and not in its records"
                          .formatted(id, state.partition())));
      if (retention.end(row.placement()) <= now) {
        // Stored until the sweep comes to it.
        continue;
      }
      if (!PlacementRows.reports(placement, row.placement())) {
        continue;
      }
      PlacedRevision revision = row.revision(id);
      if (!state.floods().isQuarantined(revision)
          && decision.of(revision, row) instanceof Emit emit) {
        if (emitted.size() < settings.maxEventsPerArrival()) {
          emitted.add(new Decided(emit, row.placement()));
        } else {
          leftOut++;
        }
      }
    }
    return new Decisions(emitted, leftOut, !nearest.isComplete());
  }
}
