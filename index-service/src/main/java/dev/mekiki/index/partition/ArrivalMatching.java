package dev.mekiki.index.partition;

import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.MatchRule;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.Placement;
import java.util.List;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/// What the home partition of an image does when a placement of it arrives: it stores the row,
/// emits the matches within the partition, and asks the other partitions by probes. The row stands
/// in the store before any probe is sent; on that the proof of {@link MatchRule} rests.
final class ArrivalMatching {
  private final GenerationGeometry geometry;
  private final MatchSettings settings;
  private final MatchRule rule;
  private final MatchEmitter emitter;
  private final PartitionMetrics metrics;

  ArrivalMatching(
      GenerationGeometry geometry,
      MatchSettings settings,
      MatchRule rule,
      MatchEmitter emitter,
      PartitionMetrics metrics) {
    this.geometry = geometry;
    this.settings = settings;
    this.rule = rule;
    this.emitter = emitter;
    this.metrics = metrics;
  }

  /// Takes an arrival.
  ///
  /// @param value the placement as it arrived, serialized
  /// @param placement the same, parsed
  /// @param now stamps matches, milliseconds since the epoch
  void arrive(
      ProcessorContext<String, Object> context,
      PartitionState state,
      String id,
      byte[] value,
      Placement placement,
      long now) {
    PlacedRevision arrival = PlacementRows.revision(id, placement);
    @Nullable StoredRow standing = state.row(id).orElse(null);
    if (standing != null && MatchRule.repeats(standing.revision(id), arrival)) {
      state.put(id, value, standing.sequence());
      return;
    }
    if (!settings.isOn()) {
      state.put(id, value, 0);
      return;
    }
    if (state.floods().holdsBack(arrival, true) || rule.filter().leavesOutAllOf(arrival)) {
      // It asks nobody, so it has no sequence: whoever asks for it later meets it.
      state.put(id, value, 0);
      metrics.heldBack.increment();
      return;
    }
    long sequence = state.progress().nextSequence();
    state.put(id, value, sequence);
    emitter.emit(
        context,
        state,
        arrival,
        placement,
        (candidate, row) -> rule.onArrival(arrival, candidate),
        metrics.arrivalCandidates,
        now);
    int probes = probe(state, arrival, sequence, value, placement);
    metrics.arrived(probes);
    state.store().arrived(probes);
  }

  private int probe(
      PartitionState state,
      PlacedRevision arrival,
      long sequence,
      byte[] value,
      Placement placement) {
    MatchPolicy policy = settings.policy();
    int here = state.partition();
    List<Integer> asked =
        geometry.routing().probed(arrival.code(), here, policy.reach(), policy.codeRadius());
    if (asked.isEmpty()) {
      return 0;
    }
    byte[] common = state.outbox().common(arrival.id(), sequence, value, placement);
    for (int partition : asked) {
      state.outbox().add(common, state.progress().lastProcessed(partition), partition);
    }
    return asked.size();
  }
}
