package dev.mekiki.index.copies;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.landmark.AffineMap;
import dev.mekiki.hashing.landmark.LandmarkCandidate;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.match.MatchDecision;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.CopyProposal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// Looks up the images of a partition that share landmarks with one image, and passes on those
/// pairs that this partition has to, up to a limit.
final class CandidateEmitter {
  /// Beyond so many images for each pair allowed, the rest is not looked up: they share the least.
  static final int LOOKUPS_PER_PAIR = 10;

  private final GenerationGeometry geometry;
  private final CopySettings settings;
  private final CopyMetrics metrics;

  CandidateEmitter(GenerationGeometry geometry, CopySettings settings, CopyMetrics metrics) {
    this.geometry = geometry;
    this.settings = settings;
    this.metrics = metrics;
  }

  /// Decides on one image of this partition.
  interface Decision {
    MatchDecision of(PlacedRevision candidate, StoredCopy row);
  }

  /// Passes on the pairs of an image.
  ///
  /// @param revision an arrival here, or one of another partition that probes this one
  /// @param image the same
  /// @param sought its landmarks
  /// @param now milliseconds since the epoch
  void emit(
      ProcessorContext<String, Object> context,
      LandmarkStore store,
      PlacedRevision revision,
      CopyImage image,
      SoughtLandmarks sought,
      Decision decision,
      long now) {
    List<CopyCandidate.Builder> pairs = new ArrayList<>();
    int leftOut = 0;
    int lookUps = 0;
    for (Map.Entry<String, List<LandmarkCandidate>> found :
        byId(store.candidates(sought)).entrySet()) {
      String id = found.getKey();
      if (id.equals(revision.id())) {
        continue;
      }
      if (++lookUps > settings.maxCandidates() * LOOKUPS_PER_PAIR) {
        leftOut++;
        continue;
      }
      StoredCopy row =
          store
              .copy(id)
              .orElseThrow(() ->
                  new IllegalStateException(
                      "image '%s' is among the landmarks of partition %d and not in its records"
                          .formatted(id, store.partition())));
      if (decision.of(CopyImages.revision(id, row.image()), row) instanceof Emit emit) {
        if (pairs.size() < settings.maxCandidates()) {
          pairs.add(pair(revision.id(), image, id, row.image(), emit, found.getValue()));
        } else {
          leftOut++;
        }
      }
    }
    metrics.candidates.record(pairs.size());
    metrics.leftOut.increment(leftOut);
    for (CopyCandidate.Builder pair : pairs) {
      context.forward(
          new Record<>(revision.id(), pair.setLeftOut(leftOut).build(), now),
          CopyProcessor.CANDIDATES);
    }
  }

  /// What was found by image, those with most votes first.
  static Map<String, List<LandmarkCandidate>> byId(List<LandmarkStore.Found> all) {
    Map<String, List<LandmarkCandidate>> byId = new LinkedHashMap<>();
    for (LandmarkStore.Found found : all) {
      byId.computeIfAbsent(found.id(), _ -> new ArrayList<>()).add(found.found());
    }
    return byId;
  }

  private CopyCandidate.Builder pair(
      String soughtId,
      CopyImage sought,
      String foundId,
      CopyImage found,
      Emit emit,
      List<LandmarkCandidate> candidates) {
    HashCode later = emit.later().code();
    int center = geometry.routing().home(later).center();
    CopyCandidate.Builder pair =
        CopyCandidate.newBuilder()
            .setNetwork(geometry.network())
            .setGeneration(geometry.id())
            .setSoughtId(soughtId)
            .setSought(sought)
            .setFoundId(foundId)
            .setFound(found)
            .setCenter(center)
            .setCenterLabel(geometry.centers().label(center))
            .setSoughtIsLater(emit.later().id().equals(soughtId))
            .setCodeDistance(emit.codeDistance())
            .setFingerprintDistance(emit.fingerprintDistance());
    for (LandmarkCandidate candidate : candidates) {
      pair.addProposals(proposal(candidate));
    }
    return pair;
  }

  static CopyProposal proposal(LandmarkCandidate candidate) {
    AffineMap map = candidate.map();
    return CopyProposal.newBuilder()
        .addAllMap(List.of(map.a(), map.b(), map.tx(), map.c(), map.d(), map.ty()))
        .setVotes(candidate.votes())
        .build();
  }
}
