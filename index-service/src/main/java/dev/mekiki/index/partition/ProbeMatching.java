package dev.mekiki.index.partition;

import dev.mekiki.hashing.match.MatchRule;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.schemas.image.Retention;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/// What a partition does when a probe from another one arrives: it emits those matches with its own
/// images that the other partition does not, by {@link MatchRule#onProbe}.
final class ProbeMatching {
  private final MatchSettings settings;
  private final Retention retention;
  private final MatchRule rule;
  private final MatchEmitter emitter;
  private final PartitionMetrics metrics;

  ProbeMatching(
      MatchSettings settings,
      Retention retention,
      MatchRule rule,
      MatchEmitter emitter,
      PartitionMetrics metrics) {
    this.settings = settings;
    this.retention = retention;
    this.rule = rule;
    this.emitter = emitter;
    this.metrics = metrics;
  }

  /// Takes a probe.
  ///
  /// @param now stamps matches, milliseconds since the epoch
  void arrive(
      ProcessorContext<String, Object> context,
      PartitionState state,
      ReceivedProbe probe,
      long now) {
    if (!state.progress().processed(probe.from(), probe.sequence())) {
      metrics.probesRepeated.increment();
    }
    metrics.probesProcessed.increment();
    if (!settings.isOn() || retention.end(probe.placement()) <= now) {
      return;
    }
    PlacedRevision revision = PlacementRows.revision(probe.id(), probe.placement());
    if (state.floods().holdsBack(revision, false) || rule.filter().leavesOutAllOf(revision)) {
      metrics.heldBack.increment();
      return;
    }
    emitter.emit(
        context,
        state,
        revision,
        probe.placement(),
        (candidate, row) -> rule.onProbe(revision, probe.seen(), candidate, row.sequence()),
        metrics.probeCandidates,
        now);
  }
}
