package dev.mekiki.index.partition;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.bucket.MatchCandidate;
import dev.mekiki.hashing.match.MatchDecision;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.match.MatchRule;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.Placement;
import io.cloudevents.CloudEvent;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a partition's store equal to its topic and tells the matches that each arrival makes, by
/// {@link MatchRule}. Owned by one stream thread.
public final class MatchProcessor implements Processor<String, Placement, String, CloudEvent> {
  private static final Logger log = LoggerFactory.getLogger(MatchProcessor.class);

  /// Beyond so many candidates for each event allowed, the rest is not looked up: "at least N".
  private static final int LOOKUPS_PER_EVENT = 10;

  private final GenerationGeometry geometry;
  private final MatchSettings settings;
  private final MatchRule rule;
  private final InstantSource clock;
  private final PartitionMetrics metrics;
  private @Nullable Attachment attachment;

  /// What the task gives the processor at init.
  private record Attachment(ProcessorContext<String, CloudEvent> context, PlacementStore store) {}

  public MatchProcessor(
      GenerationGeometry geometry,
      MatchSettings settings,
      InstantSource clock,
      PartitionMetrics metrics) {
    this.geometry = geometry;
    this.settings = settings;
    this.rule = new MatchRule(settings.policy());
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void init(ProcessorContext<String, CloudEvent> context) {
    PlacementStore store = context.getStateStore(PlacementStore.NAME);
    attachment = new Attachment(context, store);
    store.activate();
  }

  @Override
  public void close() {
    Attachment attached = attachment;
    if (attached != null) {
      attached.store().deactivate();
      attachment = null;
    }
  }

  @Override
  public void process(Record<String, Placement> record) {
    Attachment attached = attachment;
    if (attached == null) {
      throw new IllegalStateException("process before init");
    }
    String id = record.key();
    @Nullable Placement placement = record.value();
    if (placement == null) {
      attached.store().remove(id);
      return;
    }
    try {
      PlacementRows.check(id, placement, geometry.bits());
    } catch (DamagedPlacementException e) {
      log.error("placement left out. defect={}", e.getMessage());
      return;
    }
    PlacedRevision arrival = PlacementRows.revision(id, placement);
    if (!settings.isOn()) {
      attached.store().put(arrival, placement);
      return;
    }
    @Nullable PlacedRevision standing =
        attached.store().placement(id).map(known -> PlacementRows.revision(id, known)).orElse(null);
    attached.store().put(arrival, placement);
    if (!MatchRule.repeats(standing, arrival)) {
      tellMatches(attached, arrival, placement);
    }
  }

  private void tellMatches(Attachment attached, PlacedRevision arrival, Placement placement) {
    PlacementStore store = attached.store();
    NearestCandidates nearest =
        new NearestCandidates(
            arrival.id(),
            placement.getHomePartition() == store.partition(),
            (long) settings.maxEventsPerArrival() * LOOKUPS_PER_EVENT);
    store.candidates(arrival, settings.policy(), nearest);
    metrics.candidates.record(nearest.offered());
    Decisions decisions = decide(store, arrival, nearest);
    long now = clock.millis();
    for (Decided decided : decisions.told()) {
      Emit emit = decided.emit();
      boolean arrivalIsLater = emit.later().id().equals(arrival.id());
      Match match =
          MatchEvents.match(
                  geometry,
                  emit,
                  arrivalIsLater ? placement : decided.candidate(),
                  arrivalIsLater ? decided.candidate() : placement,
                  now)
              .toBuilder()
              .setLeftOut(decisions.leftOut())
              .setLeftOutAtLeast(decisions.leftOutAtLeast())
              .build();
      // Without the placement's headers: those of an event are its attributes.
      attached.context().forward(new Record<>(emit.later().id(), MatchEvents.event(match), now));
      metrics.matched(emit.level());
    }
    if (!decisions.told().isEmpty()) {
      metrics.leftOut.increment((double) decisions.leftOut());
      metrics.latency(
          Timestamps.toMillis(placement.getImageTime()),
          Timestamps.toMillis(placement.getEncodedTime()),
          Timestamps.toMillis(placement.getPlacedTime()),
          now);
    }
  }

  private record Decided(Emit emit, Placement candidate) {}

  private record Decisions(List<Decided> told, long leftOut, boolean leftOutAtLeast) {}

  private Decisions decide(
      PlacementStore store, PlacedRevision arrival, NearestCandidates nearest) {
    List<Decided> told = new ArrayList<>();
    long leftOut = 0;
    for (MatchCandidate candidate : nearest.sorted()) {
      String id = candidate.id();
      Optional<Placement> known = store.placement(id);
      if (known.isEmpty()) {
        throw new IllegalStateException(
            "image '%s' is in the search structure of partition %d and not in its records"
                .formatted(id, store.partition()));
      }
      MatchDecision decision =
          rule.decide(store.partition(), arrival, PlacementRows.revision(id, known.get()));
      if (decision instanceof Emit emit) {
        if (told.size() < settings.maxEventsPerArrival()) {
          told.add(new Decided(emit, known.get()));
        } else {
          leftOut++;
        }
      }
    }
    return new Decisions(told, leftOut, !nearest.isComplete());
  }
}
