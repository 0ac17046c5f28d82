package dev.mekiki.index.partition;

import dev.mekiki.hashing.bucket.CandidateCollector;
import dev.mekiki.hashing.bucket.IdOrder;
import dev.mekiki.hashing.bucket.MatchCandidate;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Of the images near another one, the nearest. Of a hot partition almost all may be near; no more
/// than the limit are held.
final class NearestCandidates implements CandidateCollector {
  /// Nearest first, in the order of search results.
  private static final Comparator<MatchCandidate> NEAREST =
      Comparator.comparingInt(MatchCandidate::codeDistance)
          .thenComparingInt(MatchCandidate::fingerprintDistance)
          .thenComparing(MatchCandidate::id, IdOrder.COMPARATOR);

  private final String imageId;
  private final long limit;

  /// The farthest comes first, to give way to a nearer one.
  private final PriorityQueue<MatchCandidate> nearest = new PriorityQueue<>(NEAREST.reversed());

  private int offered;
  private boolean complete = true;

  /// @param imageId is not a candidate for itself
  /// @param limit of candidates held, at least 1
  NearestCandidates(String imageId, long limit) {
    this.imageId = imageId;
    this.limit = limit;
  }

  @Override
  public boolean wants(int codeDistance, int fingerprintDistance) {
    offered++;
    MatchCandidate farthest = nearest.peek();
    if (farthest == null || nearest.size() < limit) {
      return true;
    }
    boolean farther =
        codeDistance != farthest.codeDistance()
            ? codeDistance > farthest.codeDistance()
            : fingerprintDistance > farthest.fingerprintDistance();
    if (farther) {
      complete = false;
    }
    return !farther;
  }

  @Override
  public void collect(MatchCandidate candidate) {
    if (!candidate.id().equals(imageId)) {
      nearest.add(candidate);
      if (nearest.size() > limit) {
        nearest.poll();
        complete = false;
      }
    }
  }

  /// Images that lay near, whether held or not.
  int offered() {
    return offered;
  }

  /// False where some are not among those held.
  boolean isComplete() {
    return complete;
  }

  /// Those held, nearest first.
  List<MatchCandidate> sorted() {
    return nearest.stream().sorted(NEAREST).toList();
  }
}
