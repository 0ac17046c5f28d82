package dev.mekiki.centers.fit;

import java.util.Arrays;
import java.util.Optional;

/// Finds a place for a center that is near many codes and at least d from all other centers.
///
/// Each code votes for its bits. Where bit b has v(b) more votes for 1 than for 0, the sum of the
/// distances to all codes is smallest at the majority, the signs of v, and each bit that differs
/// from it adds |v(b)|. The search starts at the majority. While another center is nearer than d,
/// it flips the bit that gains most distance for the least |v|. Then it flips bits back, alone or
/// in exchange for a less certain one, if the distances allow it. If one center was too near, the
/// result is the best place; if several were, it is a good one.
///
/// Not thread-safe.
final class VotedPlace {
  /// Flips for each bit before the search gives up: in dense tables it needs flips that gain
  /// nothing.
  private static final int FLIPS_PER_BIT = 20;

  /// A flipped bit stays flipped for at least this many flips, or the search would go in circles.
  private static final int REST = 5;

  private static final int REST_SPREAD = 7;

  private final PackedCodes centers;
  private final int except;
  private final int distance;
  private final int bits;
  private final long[] votes;
  private final long[] place;
  private final int[] distances;

  private VotedPlace(PackedCodes centers, int except, int distance, long[] votes, long[] place) {
    this.centers = centers;
    this.except = except;
    this.distance = distance;
    this.bits = centers.bits;
    this.votes = votes;
    this.place = place;
    this.distances = new int[centers.count];
    for (int center = 0; center < distances.length; center++) {
      // The one left out is never too near.
      distances[center] = center == except ? 3 * bits : centers.distance(center, place);
    }
  }

  /// The place found from the majority.
  ///
  /// @param centers to keep a distance from
  /// @param except the number of a center to ignore, or -1
  /// @param distance d
  /// @param votes of each bit: codes that have it 1 less those that have it 0
  /// @return empty if none was found
  static Optional<long[]> find(PackedCodes centers, int except, int distance, long[] votes) {
    VotedPlace search = new VotedPlace(centers, except, distance, votes, majority(votes));
    if (!search.makeRoom()) {
      return Optional.empty();
    }
    search.turnBack();
    return Optional.of(search.place);
  }

  /// A place at least as good as the one given, which must keep the distance.
  static long[] improve(PackedCodes centers, int except, int distance, long[] votes, long[] place) {
    VotedPlace search = new VotedPlace(centers, except, distance, votes, place.clone());
    search.turnBack();
    return search.place;
  }

  /// The bits that most codes have; 0 if the votes are equal.
  static long[] majority(long[] votes) {
    long[] majority = new long[(votes.length + Long.SIZE - 1) / Long.SIZE];
    for (int bit = 0; bit < votes.length; bit++) {
      if (votes[bit] > 0) {
        majority[bit / Long.SIZE] |= 1L << bit;
      }
    }
    return majority;
  }

  /// By how much the sum of distances to all codes exceeds that of the majority.
  static long excess(long[] votes, long[] place) {
    long excess = 0;
    for (int bit = 0; bit < votes.length; bit++) {
      excess += isAgainst(votes, place, bit) ? Math.abs(votes[bit]) : 0;
    }
    return excess;
  }

  private static boolean isAgainst(long[] votes, long[] place, int bit) {
    return votes[bit] != 0 && votes[bit] > 0 != PackedCodes.bit(place, bit);
  }

  private boolean makeRoom() {
    int[] restsUntil = new int[bits];
    for (int flips = 0; flips < FLIPS_PER_BIT * bits; flips++) {
      int[] near = nearerThan(distance + 1);
      if (Arrays.stream(near).noneMatch(center -> distances[center] < distance)) {
        return true;
      }
      int best = -1;
      int bestGain = 0;
      long bestCost = 0;
      for (int bit = 0; bit < bits; bit++) {
        int gain = gain(bit, near);
        long cost = cost(bit);
        if (restsUntil[bit] <= flips && (best < 0 || isBetter(gain, cost, bestGain, bestCost))) {
          best = bit;
          bestGain = gain;
          bestCost = cost;
        }
      }
      if (best < 0) {
        return false;
      }
      flip(best);
      restsUntil[best] = flips + 1 + REST + flips % REST_SPREAD;
    }
    return false;
  }

  /// By how much the flip reduces the distances that are missing.
  private int gain(int bit, int[] near) {
    int gain = 0;
    for (int center : near) {
      if (step(bit, center) < 0) {
        gain--;
      } else if (distances[center] < distance) {
        gain++;
      }
    }
    return gain;
  }

  /// Orders flips by cost for each unit gained; of flips that gain none, the one that loses least.
  private static boolean isBetter(int gain, long cost, int bestGain, long bestCost) {
    if (gain <= 0 || bestGain <= 0) {
      return gain > bestGain || (gain == bestGain && cost < bestCost);
    }
    long ours = cost * bestGain;
    long theirs = bestCost * gain;
    return ours < theirs || (ours == theirs && gain > bestGain);
  }

  /// Flips bits back to the majority, the most certain first, while the distances allow it.
  private void turnBack() {
    while (turnOneBack()) {}
  }

  private boolean turnOneBack() {
    // Two flips bring a center nearer by two at most.
    int[] near = nearerThan(distance + 2);
    int bestBack = -1;
    int bestAway = -1;
    long bestGain = 0;
    for (int back = 0; back < bits; back++) {
      if (!isAgainst(votes, place, back)) {
        continue;
      }
      long won = Math.abs(votes[back]);
      if (won > bestGain && isAllowed(back, -1, near)) {
        bestBack = back;
        bestAway = -1;
        bestGain = won;
      }
      for (int away = 0; away < bits; away++) {
        if (away != back && won - cost(away) > bestGain && isAllowed(back, away, near)) {
          bestBack = back;
          bestAway = away;
          bestGain = won - cost(away);
        }
      }
    }
    if (bestBack < 0) {
      return false;
    }
    flip(bestBack);
    if (bestAway >= 0) {
      flip(bestAway);
    }
    return true;
  }

  private boolean isAllowed(int bit, int otherBit, int[] near) {
    for (int center : near) {
      int after =
          distances[center] + step(bit, center) + (otherBit < 0 ? 0 : step(otherBit, center));
      if (after < distance) {
        return false;
      }
    }
    return true;
  }

  /// What flipping a bit adds to the sum of distances to the codes.
  private long cost(int bit) {
    return isAgainst(votes, place, bit) ? -Math.abs(votes[bit]) : Math.abs(votes[bit]);
  }

  /// What flipping a bit adds to the distance to a center: 1 or -1.
  private int step(int bit, int center) {
    return centers.bit(center, bit) == PackedCodes.bit(place, bit) ? 1 : -1;
  }

  private void flip(int bit) {
    for (int center = 0; center < distances.length; center++) {
      if (center != except) {
        distances[center] += step(bit, center);
      }
    }
    place[bit / Long.SIZE] ^= 1L << bit;
  }

  private int[] nearerThan(int limit) {
    int[] near = new int[distances.length];
    int count = 0;
    for (int center = 0; center < distances.length; center++) {
      if (distances[center] < limit) {
        near[count++] = center;
      }
    }
    return Arrays.copyOf(near, count);
  }
}
