package dev.mekiki.index.copies;

import dev.mekiki.hashing.landmark.AffineMap;
import dev.mekiki.hashing.landmark.LandmarkCandidate;
import dev.mekiki.hashing.turned.Region;
import dev.mekiki.hashing.turned.TrimmedFingerprint;
import dev.mekiki.hashing.turned.TurnedCandidate;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.CopyProposal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An image that was found, and by what. For one thread.
final class FoundImage {
  /// Most proposals of one kind: landmarks make as many, as the picture is and as a mirror image.
  private static final int MOST_OF_A_KIND = 2;

  private final String id;
  private final List<LandmarkCandidate> byLandmarks = new ArrayList<>();
  private final List<TurnedCandidate> byFingerprints = new ArrayList<>();

  FoundImage(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  /// Adds what landmarks have found, by image.
  static void add(List<LandmarkStore.Found> all, Map<String, FoundImage> byId) {
    for (LandmarkStore.Found found : all) {
      byId.computeIfAbsent(found.id(), FoundImage::new).add(found.found());
    }
  }

  private void add(LandmarkCandidate candidate) {
    byLandmarks.add(candidate);
  }

  /// @param candidate not nearer than those before it
  void add(TurnedCandidate candidate) {
    if (byFingerprints.size() < MOST_OF_A_KIND) {
      byFingerprints.add(candidate);
    }
  }

  /// How the picture that was looked for may lie over that of this image. Landmarks come first:
  /// their votes belong into an event. Fingerprints that ignore how a picture is turned or framed
  /// say all about that, but nothing about what lies over it.
  List<CopyProposal> proposals(CopyImage sought, StoredCopy found) {
    List<CopyProposal> proposals = proposalsByLandmarks();
    for (TurnedCandidate candidate : byFingerprints) {
      AffineMap map =
          candidate
              .region()
              .onto(
                  size(sought),
                  candidate.turn(),
                  candidate.isTrimmed() ? region(found.trimmed()) : Region.WHOLE,
                  size(found.image()));
      proposals.add(proposal(map, 0));
    }
    return proposals;
  }

  /// The same by landmarks alone.
  List<CopyProposal> proposalsByLandmarks() {
    List<CopyProposal> proposals = new ArrayList<>();
    for (LandmarkCandidate candidate : byLandmarks) {
      proposals.add(proposal(candidate.map(), candidate.votes()));
    }
    return proposals;
  }

  private static Region region(@Nullable TrimmedFingerprint trimmed) {
    return trimmed == null ? Region.WHOLE : trimmed.region();
  }

  private static Region.Size size(CopyImage image) {
    return new Region.Size(image.getWidth(), image.getHeight());
  }

  private static CopyProposal proposal(AffineMap map, int votes) {
    return CopyProposal.newBuilder()
        .addAllMap(List.of(map.a(), map.b(), map.tx(), map.c(), map.d(), map.ty()))
        .setVotes(votes)
        .build();
  }
}
