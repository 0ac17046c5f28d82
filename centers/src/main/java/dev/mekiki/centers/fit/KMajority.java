package dev.mekiki.centers.fit;

import java.util.Optional;
import java.util.random.RandomGenerator;

/// The state of a fit. The centers always keep the distance: one center moves at a time, and only
/// to a place that is far enough from all others and lowers the cost, the sum of the codes'
/// distances to their nearest center.
///
/// Not thread-safe.
final class KMajority {
  private static final int ROUNDS = 100;
  private static final int ROUNDS_AFTER_SWAP = 2;

  private final PackedCodes codes;
  private final int[] weights;
  private final PackedCodes centers;
  private final int distance;

  /// Of each code: its nearest center, and the distances to it and to the next one.
  private final int[] nearest;

  private final int[] first;
  private final int[] second;
  private long cost;

  /// @param codes all different
  /// @param weights how often each occurs
  /// @param centers to begin with, at the distance
  KMajority(PackedCodes codes, int[] weights, PackedCodes centers, int distance) {
    this.codes = codes;
    this.weights = weights;
    this.centers = centers;
    this.distance = distance;
    nearest = new int[codes.count];
    first = new int[codes.count];
    second = new int[codes.count];
    assign();
  }

  PackedCodes centers() {
    return centers;
  }

  /// Sum of the distances of all codes to their nearest center.
  long cost() {
    return cost;
  }

  /// How many codes each center is the nearest of.
  long[] sizes() {
    long[] sizes = new long[centers.count];
    for (int i = 0; i < codes.count; i++) {
      sizes[nearest[i]] += weights[i];
    }
    return sizes;
  }

  /// Moves every center to its codes, again and again until none moves.
  void settle() {
    settle(ROUNDS);
  }

  private void settle(int rounds) {
    for (int round = 0; round < rounds; round++) {
      if (!moveAll()) {
        return;
      }
      assign();
    }
  }

  private boolean moveAll() {
    long[][] votes = new long[centers.count][];
    for (int i = 0; i < codes.count; i++) {
      int center = nearest[i];
      if (votes[center] == null) {
        votes[center] = new long[codes.bits];
      }
      vote(i, votes[center]);
    }
    boolean moved = false;
    for (int center = 0; center < centers.count; center++) {
      moved |= votes[center] != null && move(center, votes[center]);
    }
    return moved;
  }

  private void vote(int code, long[] votes) {
    for (int bit = 0; bit < codes.bits; bit++) {
      votes[bit] += codes.bit(code, bit) ? weights[code] : -weights[code];
    }
  }

  private boolean move(int center, long[] votes) {
    long[] old = centers.get(center);
    long best = VotedPlace.excess(votes, old);
    if (best == 0) {
      return false;
    }
    long[] place = VotedPlace.improve(centers, center, distance, votes, old);
    Optional<long[]> fromMajority = VotedPlace.find(centers, center, distance, votes);
    if (fromMajority.isPresent()
        && VotedPlace.excess(votes, fromMajority.get()) < VotedPlace.excess(votes, place)) {
      place = fromMajority.get();
    }
    if (VotedPlace.excess(votes, place) >= best) {
      return false;
    }
    centers.set(center, place);
    return true;
  }

  private void assign() {
    cost = 0;
    for (int i = 0; i < codes.count; i++) {
      int at = 0;
      int least = Integer.MAX_VALUE;
      int next = Integer.MAX_VALUE;
      for (int center = 0; center < centers.count; center++) {
        int d = codes.distance(i, centers, center);
        if (d < least) {
          next = least;
          least = d;
          at = center;
        } else if (d < next) {
          next = d;
        }
      }
      nearest[i] = at;
      first[i] = least;
      second[i] = next;
      cost += (long) weights[i] * least;
    }
  }

  /// Moves one center near a code that is far from all centers, drawn by its distance, if that
  /// lowers the cost. This moves centers without codes, and one of two that share a cluster.
  void trySwap(RandomGenerator random) {
    if (cost == 0) {
      return;
    }
    long[] target = codes.get(draw(random));
    int blocker = -1;
    int blockers = 0;
    for (int center = 0; center < centers.count; center++) {
      int d = centers.distance(center, target);
      if (d < distance) {
        blockers++;
        if (blocker < 0 || d < centers.distance(blocker, target)) {
          blocker = center;
        }
      }
    }
    if (blockers > 1) {
      Optional<long[]> place =
          VotedPlace.find(centers, blocker, distance, votesOf(target, codes.bits));
      if (place.isEmpty()) {
        return;
      }
      target = place.get();
    }
    long[] change = changes(target);
    int taken = blocker;
    for (int center = 0; blocker < 0 && center < centers.count; center++) {
      if (taken < 0 || change[center] < change[taken]) {
        taken = center;
      }
    }
    if (change[taken] < 0) {
      centers.set(taken, target);
      assign();
      settle(ROUNDS_AFTER_SWAP);
    }
  }

  private int draw(RandomGenerator random) {
    long at = random.nextLong(cost);
    int code = 0;
    while (at >= (long) weights[code] * first[code]) {
      at -= (long) weights[code] * first[code];
      code++;
    }
    return code;
  }

  private static long[] votesOf(long[] code, int bits) {
    long[] votes = new long[bits];
    for (int bit = 0; bit < bits; bit++) {
      votes[bit] = PackedCodes.bit(code, bit) ? 1 : -1;
    }
    return votes;
  }

  /// By how much the cost changes if a center moves to the target, for each center.
  private long[] changes(long[] target) {
    long[] changes = new long[centers.count];
    long common = 0;
    for (int i = 0; i < codes.count; i++) {
      int d = codes.distance(i, target);
      common += (long) weights[i] * (Math.min(d, first[i]) - first[i]);
      changes[nearest[i]] += (long) weights[i] * (Math.min(d, second[i]) - Math.min(d, first[i]));
    }
    for (int center = 0; center < changes.length; center++) {
      changes[center] += common;
    }
    return changes;
  }
}
