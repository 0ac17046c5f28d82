package dev.mekiki.index.partition;

import dev.mekiki.hashing.bucket.CandidateCollector;
import dev.mekiki.hashing.bucket.IdOrder;
import dev.mekiki.hashing.bucket.MatchCandidate;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Of the images near an arrival whose match this partition emits, the nearest. Of a hot partition
/// almost all may be near; no more than the limit are held.
final class NearestCandidates implements CandidateCollector {
  /// Nearest first, in the order of search results.
  private static final Comparator<MatchCandidate> NEAREST =
      Comparator.comparingInt(MatchCandidate::codeDistance)
          .thenComparingInt(MatchCandidate::fingerprintDistance)
          .thenComparing(MatchCandidate::id, IdOrder.COMPARATOR);

  private final String arrivalId;
  private final boolean arrivalHome;
  private final long limit;

  /// The farthest comes first, to give way to a nearer one.
  private final PriorityQueue<MatchCandidate> nearest = new PriorityQueue<>(NEAREST.reversed());

  private int offered;
  private boolean complete = true;

  /// @param arrivalHome whether the arrival is at home in this partition
  /// @param limit of candidates held, at least 1
  NearestCandidates(String arrivalId, boolean arrivalHome, long limit) {
    this.arrivalId = arrivalId;
    this.arrivalHome = arrivalHome;
    this.limit = limit;
  }

  @Override
  public boolean wants(boolean home, int codeDistance, int fingerprintDistance) {
    offered++;
    if (!arrivalHome && !home) {
      return false;
    }
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
    if (isEmittedHere(candidate)) {
      nearest.add(candidate);
      if (nearest.size() > limit) {
        nearest.poll();
        complete = false;
      }
    }
  }

  /// The part of the rule that needs no look-up: the image of the smaller id is at home here. In a
  /// hot partition it leaves out most replicas.
  private boolean isEmittedHere(MatchCandidate candidate) {
    int order = IdOrder.COMPARATOR.compare(arrivalId, candidate.id());
    return order != 0 && (order < 0 ? arrivalHome : candidate.home());
  }

  /// Images that lay near, whether held or not.
  int offered() {
    return offered;
  }

  /// False where some are not among those held, though this partition may emit their match.
  boolean isComplete() {
    return complete;
  }

  /// Those held, nearest first.
  List<MatchCandidate> sorted() {
    return nearest.stream().sorted(NEAREST).toList();
  }
}
