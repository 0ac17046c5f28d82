package dev.mekiki.centers.solve;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Centers with the state that gives the cost of flipping any bit in O(1). With G = H^T H and the
/// residual R = G - q S, flipping bit b of center i changes
///
///     sum over (i, j) of (S - G / q)^2   by   8 / q^2 * ((C - 1) - h_bi F_bi),
///     F_bi = sum over j other than i of R_ij h_bj = (K h_i)_b - q U_bi,
///     K = H H^T (q x q),   U = H S (q x C).
///
/// For G h-sums are (H H^T H)_bi, and the terms of j = i cancel, S and G / q both being 1 there. So no
/// C x C matrix but S itself is kept. Flipping b of i adds, with c = -2 h_bi,
///
///     c h_ki h_bj                       to F_kj,   k other than b, j other than i,
///     c (G_ij - q S_ij - h_bi h_bj)     to F_bj,   j other than i,
///     c (K_bk - h_bi h_ki)              to F_ki,   k other than b,
///     c (C - 1)                         to F_bi.
///
/// While flips are rare (late in a cooling one of thousands is made), all of F is kept up to date, at
/// O(q C) for each flip made, and trying a flip is one comparison. While they are frequent, a flip
/// updates only K, U and row b of F, and each row is computed from K and U when it is needed. Bits that
/// must stay (those in which a center differs from one at distance exactly d) are counted, in O(C), and
/// O(d) for each such pair that a flip makes or breaks.
///
/// Rows run over the classes, so that the compiler vectorises the loops over them. Costs are in
/// units of 8 / (q^2 C^2) of the loss. One owner thread.
final class FlipState {
  /// Number of flips that are tried with consecutive thresholds.
  private static final int BLOCK = 512;

  private static final int THRESHOLD_BITS = 13;

  /// -ln of equally spread numbers between 0 and 1, shuffled: a Metropolis test (accept with
  /// probability exp(-cost / temperature)) is one comparison with one of them, and those of a block
  /// begin at a random place. The first come again at the end, for blocks that begin late.
  private static final float[] THRESHOLDS = thresholds(1 << THRESHOLD_BITS);

  private static float[] thresholds(int count) {
    float[] thresholds = new float[count + BLOCK];
    SplittableRandom random = new SplittableRandom(count);
    for (int i = 0; i < count; i++) {
      int at = random.nextInt(i + 1);
      thresholds[i] = thresholds[at];
      // StrictMath, so that equal seeds give equal centers on every machine.
      thresholds[at] = (float) -StrictMath.log((i + 0.5) / count);
    }
    System.arraycopy(thresholds, 0, thresholds, count, BLOCK);
    return thresholds;
  }

  private final CenterCodes centers;
  private final ClassSimilarity similarity;
  private final int minimumDistance;
  private final int bits;
  private final int count;

  /// H; a row for each bit, as in all that follow.
  private final float[][] signs;

  /// K; floats hold such integers exactly.
  private final float[][] bitProducts;

  /// U.
  private final float[][] projections;

  /// F: all of it, or none but the row that is visited.
  private final float[][] fields;

  private boolean allFieldsAreKept;

  private final BlockedBits blocked;

  /// What h F must exceed for a flip to lower the cost: C - 1, and where a bit stays, infinity.
  private final float[][] bounds;

  /// Of the center that is flipped to all.
  private final int[] distances;

  private long flips;

  /// @param centers all at distance `minimumDistance` at least; changed in place
  FlipState(CenterCodes centers, ClassSimilarity similarity, int minimumDistance) {
    this.centers = centers;
    this.similarity = similarity;
    this.minimumDistance = minimumDistance;
    bits = centers.bits;
    count = centers.count;
    signs = new float[bits][count];
    bitProducts = new float[bits][bits];
    projections = new float[bits][count];
    fields = new float[bits][count];
    blocked = new BlockedBits(centers.words, count);
    bounds = new float[bits][count];
    distances = new int[count];
    // A row of S is read once: all of them may be hundreds of megabytes.
    for (int center = 0; center < count; center++) {
      for (int bit = 0; bit < bits; bit++) {
        signs[bit][center] = centers.sign(bit, center);
        addScaled(signs[bit][center], similarity.row(center), projections[bit]);
      }
    }
    for (int bit = 0; bit < bits; bit++) {
      Arrays.fill(bounds[bit], count - 1);
      for (int other = 0; other <= bit; other++) {
        bitProducts[bit][other] = product(signs[bit], signs[other]);
        bitProducts[other][bit] = bitProducts[bit][other];
      }
    }
    for (int i = 1; i < count; i++) {
      for (int j = 0; j < i; j++) {
        if (centers.distance(i, j) == minimumDistance) {
          block(i, j);
        }
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

  /// What it would cost to flip each of the bits that may be flipped.
  float[] costs() {
    float[] costs = new float[bits * count];
    int free = 0;
    for (int bit = 0; bit < bits; bit++) {
      if (!allFieldsAreKept) {
        readFields(bit);
      }
      for (int center = 0; center < count; center++) {
        if (!blocked.isBlocked(center, bit)) {
          costs[free++] = count - 1 - signs[bit][center] * fields[bit][center];
        }
      }
    }
    return Arrays.copyOf(costs, free);
  }

  /// Tries to flip each bit of each center once.
  ///
  /// @param temperature 0 accepts what lowers the cost, more accepts a rise r with probability
  ///   exp(-r / temperature)
  /// @return the share of bits that were flipped, 0 to 1
  double sweep(float temperature, RandomGenerator random) {
    long before = flips;
    for (int bit = 0; bit < bits; bit++) {
      if (!allFieldsAreKept) {
        readFields(bit);
      }
      for (int from = 0; from < count; from += BLOCK) {
        visit(bit, from, Math.min(count, from + BLOCK), temperature, random);
      }
    }
    keepAllFields(flips - before <= bits);
    return (double) (flips - before) / ((long) bits * count);
  }

  /// Keeping F takes O(q C) for each flip of a sweep, reading it O(q^2 C) for each sweep.
  private void keepAllFields(boolean rare) {
    if (rare && !allFieldsAreKept) {
      for (int bit = 0; bit < bits; bit++) {
        readFields(bit);
      }
    }
    allFieldsAreKept = rare;
  }

  private void readFields(int bit) {
    float[] row = fields[bit];
    Arrays.fill(row, 0);
    for (int other = 0; other < bits; other++) {
      addScaled(bitProducts[bit][other], signs[other], row);
    }
    addScaled(-bits, projections[bit], row);
  }

  private void visit(int bit, int from, int end, float temperature, RandomGenerator random) {
    float[] ofBit = signs[bit];
    float[] row = fields[bit];
    float[] bound = bounds[bit];
    int shift = (random.nextInt() >>> (Integer.SIZE - THRESHOLD_BITS)) - from;
    // Most blocks hold no flip to make, which vectors see at once.
    if (mostGained(ofBit, row, bound, temperature, shift, from, end) <= 0) {
      return;
    }
    for (int center = from; center < end; center++) {
      if (ofBit[center] * row[center] + temperature * THRESHOLDS[shift + center] - bound[center]
          > 0) {
        flip(bit, center);
      }
    }
  }

  private static float mostGained(
      float[] signs, float[] row, float[] bound, float temperature, int shift, int from, int end) {
    float most = Float.NEGATIVE_INFINITY;
    for (int i = from; i < end; i++) {
      most = Math.max(most, signs[i] * row[i] + temperature * THRESHOLDS[shift + i] - bound[i]);
    }
    return most;
  }

  private void flip(int bit, int center) {
    flips++;
    float[] ofBit = signs[bit];
    float sign = ofBit[center];
    float change = -2 * sign;
    centers.distances(center, distances);
    if (allFieldsAreKept) {
      changeOtherFields(bit, center, change);
    }
    changeOwnFields(bit, center, change);
    addScaled(change, similarity.row(center), projections[bit]);
    for (int other = 0; other < bits; other++) {
      if (other != bit) {
        float product = bitProducts[bit][other] + change * signs[other][center];
        bitProducts[bit][other] = product;
        bitProducts[other][bit] = product;
      }
    }
    ofBit[center] = -sign;
    centers.flip(bit, center);
    changeBlocked(bit, center);
  }

  private void changeOtherFields(int bit, int center, float change) {
    float sign = signs[bit][center];
    for (int other = 0; other < bits; other++) {
      if (other != bit) {
        float[] row = fields[other];
        float ofOther = centers.sign(other, center);
        float own = row[center] + change * (bitProducts[bit][other] - sign * ofOther);
        addScaled(change * ofOther, signs[bit], row);
        row[center] = own;
      }
    }
  }

  private void changeOwnFields(int bit, int center, float change) {
    float[] row = fields[bit];
    float own = row[center] + change * (count - 1);
    addResiduals(
        change, signs[bit][center], bits, distances, similarity.row(center), signs[bit], row);
    row[center] = own;
  }

  /// c (G_ij - q S_ij - h_bi h_bj), G_ij being q less twice the distance.
  private static void addResiduals(
      float change,
      float sign,
      int bits,
      int[] distances,
      float[] similarities,
      float[] signs,
      float[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += change * ((bits - 2 * distances[i]) - bits * similarities[i] - sign * signs[i]);
    }
  }

  /// After a flip: centers that lay at d agreed in the bit, or it would have stayed, and are one
  /// further off now; of those that lay one further off, who differed in it is at d now.
  private void changeBlocked(int bit, int center) {
    float[] ofBit = signs[bit];
    float sign = ofBit[center];
    for (int other = 0; other < count; other++) {
      int beyond = distances[other] - minimumDistance;
      if (beyond >>> 1 == 0) {
        if (beyond == 0) {
          unblock(center, other, bit);
        } else if (ofBit[other] == sign && other != center) {
          block(center, other);
        }
      }
    }
  }

  /// Two centers lie at d: where they differ they must stay.
  private void block(int i, int j) {
    for (int word = 0; word < centers.words; word++) {
      long differing = centers.difference(i, j, word);
      setBounds(i, word, blocked.add(i, word, differing), Float.POSITIVE_INFINITY);
      setBounds(j, word, blocked.add(j, word, differing), Float.POSITIVE_INFINITY);
    }
  }

  /// Two centers no longer lie at d.
  ///
  /// @param bit in which they did not differ before
  private void unblock(int i, int j, int bit) {
    for (int word = 0; word < centers.words; word++) {
      long differed = centers.difference(i, j, word);
      if (word == bit / Long.SIZE) {
        differed &= ~(1L << bit);
      }
      setBounds(i, word, blocked.remove(i, word, differed), count - 1);
      setBounds(j, word, blocked.remove(j, word, differed), count - 1);
    }
  }

  private void setBounds(int center, int word, long changed, float bound) {
    for (long left = changed; left != 0; left &= left - 1) {
      bounds[word * Long.SIZE + Long.numberOfTrailingZeros(left)][center] = bound;
    }
  }

  private static float product(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /// `sums += factor * values`.
  private static void addScaled(float factor, float[] values, float[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += factor * values[i];
    }
  }
}
