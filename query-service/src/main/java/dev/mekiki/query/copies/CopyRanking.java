package dev.mekiki.query.copies;

import dev.mekiki.hashing.bucket.IdOrder;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.schemas.v1.AlignedCandidate;
import dev.mekiki.schemas.v1.Alignment;
import dev.mekiki.schemas.v1.CopyHit;
import dev.mekiki.schemas.v1.CopyProposal;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.FoundCopy;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Gathers what is known of the copies of one query picture, each image once: of two revisions the
/// newer, of two reasons the stronger. Not thread-safe.
public final class CopyRanking {
  private static final Comparator<FoundCopy> LIKELIEST =
      Comparator.comparingInt(CopyRanking::votes)
          .reversed()
          .thenComparing(FoundCopy::getImageId, IdOrder.COMPARATOR);

  /// Bytes, fingerprints by their distance, alignments by how much the pictures show of each other.
  private static final Comparator<CopyHit> ORDER =
      Comparator.comparing(CopyHit::getDecidedBy)
          .thenComparingDouble(CopyRanking::distance)
          .thenComparing(CopyHit::getImageId, IdOrder.COMPARATOR);

  private final Map<String, CopyHit> copies = new HashMap<>();
  private final Map<String, CopyHit> sharing = new HashMap<>();
  private final List<FoundCopy> undecided = new ArrayList<>();

  /// @param hits of the search by code; those that are marked are copies
  /// @param found by landmarks
  public CopyRanking(List<SearchHit> hits, List<FoundCopy> found) {
    for (SearchHit hit : hits) {
      if (hit.hasCopyBy()) {
        add(copies, copy(hit));
      }
    }
    for (FoundCopy candidate : found) {
      if (candidate.getDecidedBy() != DecidedBy.DECIDED_BY_UNSPECIFIED) {
        add(copies, copy(candidate));
      }
    }
    for (FoundCopy candidate : found) {
      if (candidate.getDecidedBy() == DecidedBy.DECIDED_BY_UNSPECIFIED
          && !copies.containsKey(candidate.getImageId())) {
        undecided.add(candidate);
      }
    }
    undecided.sort(LIKELIEST);
  }

  /// The images that an alignment has to decide on, the likeliest first.
  public List<FoundCopy> undecided() {
    return List.copyOf(undecided);
  }

  /// Takes what an alignment says of an image.
  public void aligned(FoundCopy candidate, AlignedCandidate aligned) {
    switch (aligned.getResult()) {
      case COPY -> add(copies, aligned(candidate, aligned, MatchKind.DUPLICATE));
      case SHARES_ELEMENT -> add(sharing, aligned(candidate, aligned, MatchKind.SHARES_ELEMENT));
      case NEITHER, GONE, NOT_VERIFIED, UNRECOGNIZED -> {}
    }
  }

  /// The copies, in their order.
  public List<CopyHit> copies() {
    return copies.values().stream().sorted(ORDER).toList();
  }

  /// The images that share an element and are no copies, in their order.
  public List<CopyHit> sharedElements() {
    return sharing.values().stream()
        .filter(hit -> !copies.containsKey(hit.getImageId()))
        .sorted(ORDER)
        .toList();
  }

  private static void add(Map<String, CopyHit> known, CopyHit hit) {
    known.merge(hit.getImageId(), hit, CopyRanking::better);
  }

  private static CopyHit better(CopyHit a, CopyHit b) {
    SourceCoordinate of = a.getRevision();
    SourceCoordinate other = b.getRevision();
    boolean comparable =
        of.getTopic().equals(other.getTopic()) && of.getPartition() == other.getPartition();
    if (comparable && of.getOffset() != other.getOffset()) {
      return of.getOffset() > other.getOffset() ? a : b;
    }
    return ORDER.compare(a, b) <= 0 ? a : b;
  }

  private static int votes(FoundCopy candidate) {
    return candidate.getProposalsList().stream().mapToInt(CopyProposal::getVotes).max().orElse(0);
  }

  private static double distance(CopyHit hit) {
    Alignment alignment = hit.getAlignment();
    return hit.hasAlignment()
        ? -alignment.getOverlapOfLater() - alignment.getOverlapOfEarlier()
        : hit.getFingerprintDistance();
  }

  private static CopyHit copy(SearchHit hit) {
    return decided(hit.getCopyBy(), hit.getFingerprintDistance())
        .setImageId(hit.getImageId())
        .setCodeDistance(hit.getCodeDistance())
        .setRevision(hit.getRevision())
        .build();
  }

  private static CopyHit copy(FoundCopy found) {
    return decided(found.getDecidedBy(), found.getFingerprintDistance())
        .setImageId(found.getImageId())
        .setCodeDistance(found.getCodeDistance())
        .setRevision(found.getImage().getRevision())
        .build();
  }

  private static CopyHit.Builder decided(DecidedBy by, int fingerprintDistance) {
    boolean isExact = by == DecidedBy.BYTES;
    return CopyHit.newBuilder()
        .setKind(isExact ? MatchKind.EXACT : MatchKind.DUPLICATE)
        .setDecidedBy(by)
        .setExplanation(
            isExact
                ? "the same bytes"
                : "fingerprints differ in %d of %d bits"
                    .formatted(fingerprintDistance, Fingerprint.BITS))
        .setFingerprintDistance(fingerprintDistance);
  }

  private static CopyHit aligned(FoundCopy found, AlignedCandidate aligned, MatchKind kind) {
    return CopyHit.newBuilder()
        .setImageId(found.getImageId())
        .setKind(kind)
        .setDecidedBy(DecidedBy.ALIGNMENT)
        .setExplanation(aligned.getExplanation())
        .setAlignment(aligned.getAlignment())
        .setCodeDistance(found.getCodeDistance())
        .setFingerprintDistance(found.getFingerprintDistance())
        .setRevision(found.getImage().getRevision())
        .build();
  }
}
