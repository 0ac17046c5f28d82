package dev.mekiki.index.copies;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.MatchDecision;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.turned.TurnedCandidate;
import dev.mekiki.index.copies.ReceivedLandmarks.Sought;
import dev.mekiki.index.flood.FloodControl;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.match.CopyRevisions;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.ReadDecisions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Looks up the images of a partition that share landmarks with one image, or look like it once
/// turned or trimmed, and takes those pairs that a rule does, up to a limit. For the stream thread
/// of the partition.
final class CandidateFinder {
  /// Images that one turned fingerprint finds, for each pair allowed: copies of a picture that
  /// looks alike when turned are among them, and are left to fingerprints.
  private static final int TURNED_PER_PAIR = 2;

  private final GenerationGeometry geometry;
  private final CopySettings settings;
  private final Retention retention;
  private final Supplier<ReadDecisions> decisions;

  /// @param decisions how far those were read that pairs are left out by
  CandidateFinder(
      GenerationGeometry geometry,
      CopySettings settings,
      Retention retention,
      Supplier<ReadDecisions> decisions) {
    this.geometry = geometry;
    this.settings = settings;
    this.retention = retention;
    this.decisions = decisions;
  }

  /// Decides on one image of this partition.
  interface Decision {
    MatchDecision of(PlacedRevision candidate, StoredCopy row);
  }

  /// What was found.
  ///
  /// @param pairs the likeliest first
  /// @param leftOut pairs that the limit left out
  /// @param alike images whose pictures match, those of pairs and those left to fingerprints
  record Found(List<CopyCandidate> pairs, int leftOut, List<PlacedRevision> alike) {}

  /// The pairs of an image.
  ///
  /// @param revision an image of this partition, or one of another
  /// @param image the same
  /// @param sought its landmarks and fingerprints
  /// @param floods leaves out what is in quarantine
  /// @param now milliseconds since the epoch
  Found find(
      LandmarkStore store,
      PlacedRevision revision,
      CopyImage image,
      Sought sought,
      FloodControl floods,
      Decision decision,
      long now) {
    List<CopyCandidate.Builder> pairs = new ArrayList<>();
    int leftOut = 0;
    int lookUps = 0;
    List<PlacedRevision> alike = new ArrayList<>();
    // Others' images match in vain, and would take places of those that may.
    @Nullable String wanted = settings.origins().tenantsShared() ? null : image.getTenant();
    for (FoundImage found : found(store, sought, wanted)) {
      String id = found.id();
      if (id.equals(revision.id())) {
        continue;
      }
      if (++lookUps > settings.maxCandidates() * CopySettings.LOOKUPS_PER_PAIR) {
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
      if (retention.end(row.image()) <= now) {
        // Stored until the sweep comes to it.
        continue;
      }
      if (!CopyImages.reports(image, row.image())) {
        continue;
      }
      PlacedRevision candidate = CopyRevisions.of(id, row.image());
      if (floods.isQuarantined(candidate)) {
        continue;
      }
      if (looksAlike(revision, candidate)) {
        // Left to fingerprints, but a flood of one picture would be looked up here, too.
        alike.add(candidate);
      }
      if (decision.of(candidate, row) instanceof Emit emit) {
        alike.add(candidate);
        if (pairs.size() < settings.maxCandidates()) {
          pairs.add(pair(revision.id(), image, row, emit, found));
        } else {
          leftOut++;
        }
      }
    }
    int left = leftOut;
    return new Found(
        pairs.stream().map(pair -> pair.setLeftOut(left).build()).toList(), leftOut, alike);
  }

  private boolean looksAlike(PlacedRevision a, PlacedRevision b) {
    return a.fingerprint().distance(b.fingerprint()) <= settings.radius();
  }

  /// What was found: by fingerprints first, since those are hardly ever wrong, then by landmarks,
  /// those with most votes first.
  ///
  /// @param tenant whose images; null for everybody's
  private Collection<FoundImage> found(
      LandmarkStore store, Sought sought, @Nullable String tenant) {
    Map<String, FoundImage> byId = new LinkedHashMap<>();
    List<TurnedCandidate> turned =
        store.candidates(
            sought.fingerprints(),
            tenant,
            settings.radius(),
            TURNED_PER_PAIR * settings.maxCandidates());
    for (TurnedCandidate found : turned) {
      byId.computeIfAbsent(found.id(), FoundImage::new).add(found);
    }
    FoundImage.add(store.candidates(sought.landmarks(), tenant), byId);
    return byId.values();
  }

  private CopyCandidate.Builder pair(
      String soughtId, CopyImage sought, StoredCopy row, Emit emit, FoundImage found) {
    HashCode later = emit.later().code();
    int center = geometry.centers().cell(later).center();
    return CopyCandidate.newBuilder()
        .setNetwork(geometry.network())
        .setGeneration(geometry.id())
        .setSoughtId(soughtId)
        .setSought(sought)
        .setFoundId(found.id())
        .setFound(row.image())
        .setCenter(center)
        .setCenterLabel(geometry.centers().label(center))
        .setEarlierCenter(geometry.centers().cell(emit.earlier().code()).center())
        .setSoughtIsLater(emit.later().id().equals(soughtId))
        .setCodeDistance(emit.codeDistance())
        .setFingerprintDistance(emit.fingerprintDistance())
        .setLimits(MatchEvents.limits(settings.policy()))
        // Not older than what the filter has just decided by.
        .setDecisions(decisions.get())
        .addAllProposals(found.proposals(sought, row));
  }
}
