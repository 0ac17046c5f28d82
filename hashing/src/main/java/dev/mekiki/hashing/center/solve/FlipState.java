package dev.mekiki.hashing.center.solve;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Centers with what makes the cost of flipping one bit cheap to know. With G = H^T H and the
/// residual R = G - q S, flipping bit b of center i changes
///
///     sum over (i, j) of (S - G / q)^2   by   8 / q^2 * ((C - 1) - h_bi F_bi),
///     F_bi = sum over j other than i of R_ij h_bj = (K h_i)_b - q U_bi,
///     K = H H^T (q x q),   U = H S (q x C).
///
/// For G h-sums are (H H^T H)_bi, and the terms of j = i cancel, S and G / q both being 1 there. So no
/// C x C matrix but S itself is kept. F of a whole center takes O(q^2), a flip changes K in O(q) and U
/// in O(C), and the bits that may flip (no center at distance d exactly may come closer) are read off
/// the packed codes in O(C). One owner thread.
///
/// Costs are in units of 8 / (q^2 C^2) of the loss.
final class FlipState {
  /// -ln of equally spread numbers between 0 and 1: a Metropolis test (accept with probability
  /// exp(-cost / temperature)) is one comparison with one of them drawn at random.
  private static final int THRESHOLD_BITS = 12;

  private static final float[] THRESHOLDS = new float[1 << THRESHOLD_BITS];

  static {
    for (int i = 0; i < THRESHOLDS.length; i++) {
      // StrictMath, because equal seeds are to give equal centers on every machine.
      THRESHOLDS[i] = (float) -StrictMath.log((i + 0.5) / THRESHOLDS.length);
    }
  }

  private static final int THRESHOLDS_IN_A_LONG = Long.SIZE / THRESHOLD_BITS;

  private final CenterCodes centers;
  private final ClassSimilarity similarity;
  private final int minimumDistance;
  private final int bits;
  private final int count;

  /// K, row-major; floats hold such integers exactly.
  private final float[] bitProducts;

  /// U, row-major.
  private final float[] projections;

  /// Of the center that is visited: its signs, F, and the bits that may not flip, packed.
  private final float[] signs;

  private final float[] fields;
  private final long[] blocked;

  private long flips;

  /// @param centers all at distance `minimumDistance` at least; changed in place
  FlipState(CenterCodes centers, ClassSimilarity similarity, int minimumDistance) {
    this.centers = centers;
    this.similarity = similarity;
    this.minimumDistance = minimumDistance;
    bits = centers.bits;
    count = centers.count;
    bitProducts = new float[bits * bits];
    projections = new float[bits * count];
    signs = new float[bits];
    fields = new float[bits];
    blocked = new long[centers.words];
    for (int center = 0; center < count; center++) {
      readSigns(center);
      for (int bit = 0; bit < bits; bit++) {
        addScaled(signs[bit], signs, bitProducts, bit * bits);
        addScaled(signs[bit], similarity.row(center), projections, bit * count);
      }
    }
  }

  CenterCodes centers() {
    return centers;
  }

  /// Flips made so far.
  long flips() {
    return flips;
  }

  /// Tries to flip each bit of each center once.
  ///
  /// @param temperature 0 accepts what lowers the cost, more accepts a rise r with probability
  ///   exp(-r / temperature)
  /// @return the share of bits that were flipped, 0 to 1
  double sweep(float temperature, RandomGenerator random) {
    long before = flips;
    for (int center = 0; center < count; center++) {
      visit(center, temperature, random);
    }
    return (double) (flips - before) / ((long) bits * count);
  }

  private void visit(int center, float temperature, RandomGenerator random) {
    readSigns(center);
    readFields(center);
    boolean blockedIsKnown = false;
    long drawn = 0;
    for (int bit = 0; bit < bits; bit++) {
      if (bit % THRESHOLDS_IN_A_LONG == 0) {
        drawn = random.nextLong();
      }
      float limit = temperature * THRESHOLDS[(int) drawn & (THRESHOLDS.length - 1)];
      drawn >>>= THRESHOLD_BITS;
      if (cost(bit) < limit) {
        // Asked last, for it is what takes longest.
        if (!blockedIsKnown) {
          readBlocked(center);
          blockedIsKnown = true;
        }
        if ((blocked[bit / Long.SIZE] >>> bit & 1) == 0) {
          flip(bit, center);
          blockedIsKnown = false;
        }
      }
    }
  }

  /// What flipping a bit of the visited center would cost.
  private float cost(int bit) {
    return (count - 1) - signs[bit] * fields[bit];
  }

  private void readSigns(int center) {
    for (int bit = 0; bit < bits; bit++) {
      signs[bit] = centers.sign(bit, center);
    }
  }

  private void readFields(int center) {
    Arrays.fill(fields, 0);
    for (int bit = 0; bit < bits; bit++) {
      addRow(signs[bit], bitProducts, bit * bits, fields);
    }
    for (int bit = 0; bit < bits; bit++) {
      fields[bit] -= bits * projections[bit * count + center];
    }
  }

  /// A center at distance d exactly must not come closer: the bits in which it differs stay.
  private void readBlocked(int center) {
    if (blocked.length == 1) {
      blocked[0] = blockedBits(centers.packed, centers.packed[center], minimumDistance);
      return;
    }
    Arrays.fill(blocked, 0);
    for (int other = 0; other < count; other++) {
      if (centers.distance(center, other) <= minimumDistance) {
        for (int word = 0; word < blocked.length; word++) {
          blocked[word] |=
              centers.packed[word * count + other] ^ centers.packed[word * count + center];
        }
      }
    }
  }

  /// The center itself has no bit that differs.
  private static long blockedBits(long[] codes, long code, int minimumDistance) {
    long blocked = 0;
    for (long other : codes) {
      long difference = other ^ code;
      if (Long.bitCount(difference) <= minimumDistance) {
        blocked |= difference;
      }
    }
    return blocked;
  }

  private void flip(int bit, int center) {
    flips++;
    float change = -2 * signs[bit];
    int row = bit * bits;
    // F of the same bit loses the diagonal of K's part that the flip does not touch.
    float own = fields[bit] + change * (count - 1);
    for (int other = 0; other < bits; other++) {
      fields[other] += change * (bitProducts[row + other] - signs[bit] * signs[other]);
    }
    fields[bit] = own;
    float diagonal = bitProducts[row + bit];
    addScaled(change, signs, bitProducts, row);
    bitProducts[row + bit] = diagonal;
    for (int other = 0; other < bits; other++) {
      bitProducts[other * bits + bit] = bitProducts[row + other];
    }
    signs[bit] = -signs[bit];
    centers.flip(bit, center);
    addScaled(change, similarity.row(center), projections, bit * count);
  }

  /// `sums[at + i] += factor * values[i]`: plain enough for the compiler to make vectors of it.
  private static void addScaled(float factor, float[] values, float[] sums, int at) {
    for (int i = 0; i < values.length; i++) {
      sums[at + i] += factor * values[i];
    }
  }

  /// `sums[i] += factor * values[at + i]`.
  private static void addRow(float factor, float[] values, int at, float[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += factor * values[at + i];
    }
  }
}
