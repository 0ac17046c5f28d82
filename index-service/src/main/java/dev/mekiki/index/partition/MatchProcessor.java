package dev.mekiki.index.partition;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.bucket.Arrival;
import dev.mekiki.hashing.bucket.MatchCandidate;
import dev.mekiki.hashing.match.MatchDecision;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.match.MatchRule;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.record.RecordChecks;
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

/// Keeps a partition's store equal to its topic and emits the matches that each arrival makes, by
/// {@link MatchRule}. Owned by one stream thread.
public final class MatchProcessor implements Processor<byte[], byte[], String, CloudEvent> {
  /// Beyond so many candidates for each event allowed, the rest is not looked up: "at least N".
  private static final int LOOKUPS_PER_EVENT = 10;

  private final GenerationGeometry geometry;
  private final MatchSettings settings;
  private final MatchRule rule;
  private final InstantSource clock;
  private final PartitionMetrics metrics;
  private final LeftOutRecords leftOut;
  private @Nullable Attachment attachment;

  /// What the task gives the processor at init.
  private record Attachment(ProcessorContext<String, CloudEvent> context, PlacementStore store) {}

  /// @param geometry the generation served
  /// @param settings what is a match, and how many are emitted
  /// @param clock stamps matches
  /// @param metrics counts candidates and matches
  /// @param leftOut counts defective records
  public MatchProcessor(
      GenerationGeometry geometry,
      MatchSettings settings,
      InstantSource clock,
      PartitionMetrics metrics,
      LeftOutRecords leftOut) {
    this.geometry = geometry;
    this.settings = settings;
    this.rule = new MatchRule(settings.policy());
    this.clock = clock;
    this.metrics = metrics;
    this.leftOut = leftOut;
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
  public void process(Record<byte[], byte[]> record) {
    Attachment attached = attachment;
    if (attached == null) {
      throw new IllegalStateException("process before init");
    }
    String id;
    byte @Nullable [] value = record.value();
    @Nullable Placement placement;
    try {
      id = RecordChecks.imageId(record.key());
      placement = value == null ? null : PlacementRows.parse(value, geometry);
    } catch (DefectiveRecordException e) {
      leftOut.add(LeftOutRecords.Source.CODE_PLACEMENTS, coordinate(attached.context()), e);
      return;
    }
    if (value == null || placement == null) {
      attached.store().remove(id);
    } else {
      arrive(attached, id, value, placement);
    }
  }

  private void arrive(Attachment attached, String id, byte[] value, Placement placement) {
    PlacementStore store = attached.store();
    PlacedRevision revision = PlacementRows.revision(id, placement);
    if (!settings.isOn()) {
      store.put(revision, placement, value);
      return;
    }
    @Nullable PlacedRevision standing =
        store.placement(id).map(known -> PlacementRows.revision(id, known)).orElse(null);
    Arrival arrival = store.put(revision, placement, value);
    if (!MatchRule.repeats(standing, revision)) {
      NearestCandidates nearest = candidates(store, revision, arrival);
      emitMatches(attached, revision, placement, nearest);
    }
  }

  private NearestCandidates candidates(
      PlacementStore store, PlacedRevision revision, Arrival arrival) {
    boolean isHome = revision.homePartition() == store.partition();
    NearestCandidates nearest =
        new NearestCandidates(
            revision.id(), isHome, (long) settings.maxEventsPerArrival() * LOOKUPS_PER_EVENT);
    store.candidates(arrival, settings.policy(), isHome, nearest);
    metrics.candidates.record(nearest.offered());
    return nearest;
  }

  private void emitMatches(
      Attachment attached, PlacedRevision arrival, Placement placement, NearestCandidates nearest) {
    Decisions decisions = decide(attached.store(), arrival, nearest);
    long now = clock.millis();
    for (Decided decided : decisions.emitted()) {
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
    if (!decisions.emitted().isEmpty()) {
      metrics.leftOut.increment((double) decisions.leftOut());
      metrics.latency(
          Timestamps.toMillis(placement.getImageTime()),
          Timestamps.toMillis(placement.getEncodedTime()),
          Timestamps.toMillis(placement.getPlacedTime()),
          now);
    }
  }

  private record Decided(Emit emit, Placement candidate) {}

  private record Decisions(List<Decided> emitted, long leftOut, boolean leftOutAtLeast) {}

  private Decisions decide(
      PlacementStore store, PlacedRevision arrival, NearestCandidates nearest) {
    List<Decided> emitted = new ArrayList<>();
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
        if (emitted.size() < settings.maxEventsPerArrival()) {
          emitted.add(new Decided(emit, known.get()));
        } else {
          leftOut++;
        }
      }
    }
    return new Decisions(emitted, leftOut, !nearest.isComplete());
  }

  private static String coordinate(ProcessorContext<?, ?> context) {
    return context
        .recordMetadata()
        .map(at -> at.topic() + "-" + at.partition() + "@" + at.offset())
        .orElse("unknown");
  }
}
