package dev.mekiki.centers.fit;

import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The centers that a fit starts from: codes at the distance from each other, each drawn with a
/// probability that grows with its distance to the earlier ones (Arthur and Vassilvitskii,
/// "k-means++", 2007, with distances in place of their squares, as for medians), then random ones.
final class StartingCenters {
  /// Draws for one random center before its table is abandoned, and tables before the distance is.
  private static final int DRAWS = 20_000;

  private static final int TABLES = 20;

  private final PackedCodes codes;
  private final int[] weights;
  private final int distance;
  private final RandomGenerator random;
  private final PackedCodes centers;
  private int found;

  private StartingCenters(
      PackedCodes codes, int[] weights, int count, int distance, RandomGenerator random) {
    this.codes = codes;
    this.weights = weights;
    this.distance = distance;
    this.random = random;
    centers = new PackedCodes(codes.bits, count);
  }

  /// Centers at the distance; none if no table was found.
  static Optional<PackedCodes> draw(
      PackedCodes codes, int[] weights, int count, int distance, RandomGenerator random) {
    for (int table = 0; table < TABLES; table++) {
      StartingCenters start = new StartingCenters(codes, weights, count, distance, random);
      // Chosen codes may leave no room for a full table: each attempt takes fewer, the last none.
      start.takeCodes(Math.ceilDiv(count * (TABLES - 1 - table), TABLES - 1));
      if (start.fillUp()) {
        return Optional.of(start.centers);
      }
    }
    return Optional.empty();
  }

  private void takeCodes(int most) {
    int[] toNearest = new int[codes.count];
    Arrays.fill(toNearest, codes.bits);
    while (found < most) {
      long sum = 0;
      for (int i = 0; i < codes.count; i++) {
        sum += chance(i, toNearest[i]);
      }
      if (sum == 0) {
        return;
      }
      long at = random.nextLong(sum);
      int drawn = 0;
      while (at >= chance(drawn, toNearest[drawn])) {
        at -= chance(drawn, toNearest[drawn]);
        drawn++;
      }
      add(codes.get(drawn));
      for (int i = 0; i < codes.count; i++) {
        toNearest[i] = Math.min(toNearest[i], codes.distance(i, codes, drawn));
      }
    }
  }

  private long chance(int code, int toNearest) {
    return found == 0 || toNearest >= distance ? (long) weights[code] * toNearest : 0;
  }

  private boolean fillUp() {
    int draws = 0;
    while (found < centers.count) {
      if (draws++ == DRAWS) {
        return false;
      }
      long[] code = random.longs(centers.words).toArray();
      if (codes.bits % Long.SIZE != 0) {
        code[code.length - 1] &= (1L << codes.bits) - 1;
      }
      if (isFree(code)) {
        add(code);
        draws = 0;
      }
    }
    return true;
  }

  private boolean isFree(long[] code) {
    for (int center = 0; center < found; center++) {
      if (centers.distance(center, code) < distance) {
        return false;
      }
    }
    return true;
  }

  private void add(long[] code) {
    centers.set(found++, code);
  }
}
