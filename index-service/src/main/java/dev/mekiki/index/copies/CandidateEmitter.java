package dev.mekiki.index.copies;

import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.index.copies.CandidateFinder.Decision;
import dev.mekiki.index.copies.CandidateFinder.Found;
import dev.mekiki.index.copies.ReceivedLandmarks.Sought;
import dev.mekiki.index.flood.FloodControl;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.CopyImage;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// Passes on those pairs of an arrival or a probe that this partition has to, and counts what
/// matched for the control of floods.
///
/// @param finder looks the pairs up
/// @param metrics counts them
record CandidateEmitter(CandidateFinder finder, CopyMetrics metrics) {
  /// Passes on the pairs of an image.
  ///
  /// @param revision an arrival here, or one of another partition that probes this one
  /// @param image the same
  /// @param sought its landmarks and fingerprints
  /// @param floods leaves out what is in quarantine, and counts
  /// @param now milliseconds since the epoch
  void emit(
      ProcessorContext<String, Object> context,
      LandmarkStore store,
      PlacedRevision revision,
      CopyImage image,
      Sought sought,
      FloodControl floods,
      Decision decision,
      long now) {
    Found found = finder.find(store, revision, image, sought, floods, decision, now);
    count(floods, revision, found, now);
    metrics.candidates.record(found.pairs().size());
    metrics.leftOut.increment(found.leftOut());
    for (CopyCandidate pair : found.pairs()) {
      context.forward(new Record<>(revision.id(), pair, now), CopyProcessor.CANDIDATES);
    }
  }

  private static void count(FloodControl floods, PlacedRevision revision, Found found, long now) {
    if (found.alike().isEmpty()) {
      return;
    }
    floods.matched(revision, found.alike().size(), now);
    for (PlacedRevision other : found.alike()) {
      floods.matched(other, 1, now);
    }
  }
}
