package dev.mekiki.centers.solve;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Minimal-distance-separated centers (Wang, Pan, Chen, Sun: Deep Hashing with
/// Minimal-Distance-Separated Hash Centers, CVPR 2023): of all tables at distance d, one with a large
/// mean distance; what the classes mean plays no part.
///
/// From the Hadamard centers on, one center x is moved at a time, the others (the rows of A) fixed, by
/// the lp-box method of multipliers: minimise b^T x, b the others' mean, subject to x = z1 in [-1, 1]^q,
/// x = z2 on the sphere of radius sqrt(q) (together: x in {-1, +1}^q) and A x + z3 = q - 2d, z3 >= 0:
///
///     x  = (2 rho I + rho A^T A)^-1 (rho (z1 + z2 + A^T (q - 2d - z3)) - y1 - y2 - A^T y3 - b)
///     z1 = clamp(x + y1 / rho)   z2 = sqrt(q) (x + y2 / rho) / |x + y2 / rho|
///     z3 = max(0, q - 2d - A x - y3 / rho)
///     y  = y + gamma rho (the constraint's residual)
///
/// Ten such steps for each rho, which grows to an upper limit. Signs of x are kept where they lie
/// better (mean plus least minus variance of the distances), or where they raise the least distance.
/// Rounds over all centers end when d is reached, or after {@link #ROUNDS}: then the best round's
/// table is given, whose least distance may be below d.
final class MinimalDistanceSeparation implements Solver {
  private static final int ROUNDS = 50;
  private static final int STEPS = 10;
  private static final double FIRST_RHO = 1e-5;
  private static final double RHO_GROWTH = 1.09;
  private static final double LAST_RHO = 1e7;
  private static final int ROUNDS_AT_LAST_RHO = 100;
  private static final double GAMMA = (1 + Math.sqrt(5)) / 2;
  private static final double RESIDUAL = 1e-6;

  @Override
  public Optional<CenterCodes> solve(CenterProblem problem, SolveListener listener) {
    return Optional.of(
        centers(
            problem.bits(),
            problem.classes(),
            problem.minimumDistance(),
            new SplittableRandom(problem.seed()),
            listener));
  }

  static CenterCodes centers(
      int bits, int count, int minimumDistance, RandomGenerator random, SolveListener listener) {
    CenterCodes centers = HadamardCenters.centers(bits, count, random);
    CenterCodes best = centers;
    double bestQuality = Double.NEGATIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      for (int center = 0; center < count; center++) {
        listener.progress((long) round * count + center, (long) ROUNDS * count);
        new Move(centers, center, minimumDistance, random).run();
      }
      Distances distances = Distances.of(centers);
      if (distances.quality() > bestQuality) {
        bestQuality = distances.quality();
        best = new CenterCodes(centers);
      }
      if (distances.least() >= minimumDistance) {
        break;
      }
    }
    return best;
  }

  /// Distances in bulk.
  ///
  /// @param least q + 1 where there are none
  private record Distances(double mean, int least, double variance) {
    /// Of every two centers.
    static Distances of(CenterCodes centers) {
      Sums sums = new Sums(centers.bits);
      for (int i = 1; i < centers.count; i++) {
        for (int j = 0; j < i; j++) {
          sums.add(centers.distance(i, j));
        }
      }
      return sums.distances();
    }

    /// Of one center to the others.
    static Distances of(CenterCodes centers, int center) {
      Sums sums = new Sums(centers.bits);
      for (int other = 0; other < centers.count; other++) {
        if (other != center) {
          sums.add(centers.distance(center, other));
        }
      }
      return sums.distances();
    }

    double quality() {
      return mean + least - variance;
    }
  }

  private static final class Sums {
    private int least;
    private long count;
    private double sum;
    private double squares;

    Sums(int bits) {
      least = bits + 1;
    }

    void add(int distance) {
      least = Math.min(least, distance);
      count++;
      sum += distance;
      squares += (double) distance * distance;
    }

    Distances distances() {
      double mean = count == 0 ? 0 : sum / count;
      double variance = count == 0 ? 0 : squares / count - mean * mean;
      return new Distances(mean, least, variance);
    }
  }

  /// The search for a better place of one center.
  private static final class Move {
    private final CenterCodes centers;
    private final int center;
    private final int bits;
    private final int others;
    private final double bound;

    /// A and its transpose: each product runs along rows.
    private final double[][] rows;

    private final double[][] columns;
    private final double[] mean;

    /// (2 I + A^T A)^-1: rho divides out, so it is inverted once.
    private final double[][] inverse;

    private final double[] x;
    private final double[] z1;
    private final double[] z2;
    private final double[] z3;
    private final double[] y1;
    private final double[] y2;
    private final double[] y3;

    /// A x.
    private final double[] products;

    private final double[] right;

    Move(CenterCodes centers, int center, int minimumDistance, RandomGenerator random) {
      this.centers = centers;
      this.center = center;
      bits = centers.bits;
      others = centers.count - 1;
      bound = bits - 2.0 * minimumDistance;
      rows = new double[others][bits];
      columns = new double[bits][others];
      mean = new double[bits];
      double[][] gram = new double[bits][bits];
      for (int row = 0; row < others; row++) {
        for (int bit = 0; bit < bits; bit++) {
          double sign = centers.sign(bit, row < center ? row : row + 1);
          rows[row][bit] = sign;
          columns[bit][row] = sign;
          mean[bit] += sign / others;
        }
        for (int bit = 0; bit < bits; bit++) {
          Matrices.addScaled(rows[row][bit], rows[row], gram[bit]);
        }
      }
      for (int bit = 0; bit < bits; bit++) {
        gram[bit][bit] += 2;
      }
      inverse = Matrices.inverseOfSymmetric(gram);
      x = new double[bits];
      for (int bit = 0; bit < bits; bit++) {
        x[bit] = centers.sign(bit, center);
      }
      z1 = x.clone();
      z2 = x.clone();
      z3 = new double[others];
      products = new double[others];
      multiply();
      for (int row = 0; row < others; row++) {
        z3[row] = bound - products[row];
      }
      y1 = random.doubles(bits).toArray();
      y2 = random.doubles(bits).toArray();
      y3 = random.doubles(others).toArray();
      right = new double[bits];
    }

    void run() {
      Distances best = Distances.of(centers, center);
      double rho = FIRST_RHO;
      for (int atLast = 0; atLast < ROUNDS_AT_LAST_RHO; ) {
        for (int step = 0; step < STEPS; step++) {
          step(rho);
        }
        rho = Math.min(RHO_GROWTH * rho, LAST_RHO);
        boolean settled = residual() < RESIDUAL;
        if (rho == LAST_RHO || settled) {
          atLast++;
          best = keepWhereBetter(best);
        }
        if (settled) {
          break;
        }
      }
    }

    private void step(double rho) {
      for (int row = 0; row < others; row++) {
        products[row] = bound - z3[row] - y3[row] / rho;
      }
      for (int bit = 0; bit < bits; bit++) {
        right[bit] = z1[bit] + z2[bit] - (y1[bit] + y2[bit] + mean[bit]) / rho;
      }
      for (int row = 0; row < others; row++) {
        Matrices.addScaled(products[row], rows[row], right);
      }
      Arrays.fill(x, 0);
      for (int bit = 0; bit < bits; bit++) {
        Matrices.addScaled(right[bit], inverse[bit], x);
      }
      multiply();
      double norm = 0;
      for (int bit = 0; bit < bits; bit++) {
        z1[bit] = Math.clamp(x[bit] + y1[bit] / rho, -1, 1);
        z2[bit] = x[bit] + y2[bit] / rho;
        norm += z2[bit] * z2[bit];
      }
      double scale = Math.sqrt(bits / norm);
      for (int bit = 0; bit < bits; bit++) {
        z2[bit] *= scale;
        y1[bit] += GAMMA * rho * (x[bit] - z1[bit]);
        y2[bit] += GAMMA * rho * (x[bit] - z2[bit]);
      }
      for (int row = 0; row < others; row++) {
        z3[row] = Math.max(0, bound - products[row] - y3[row] / rho);
        y3[row] += GAMMA * rho * (products[row] + z3[row] - bound);
      }
    }

    private void multiply() {
      Arrays.fill(products, 0);
      for (int bit = 0; bit < bits; bit++) {
        Matrices.addScaled(x[bit], columns[bit], products);
      }
    }

    /// The largest violation of a constraint.
    private double residual() {
      double largest = 0;
      for (int bit = 0; bit < bits; bit++) {
        largest = Math.max(largest, Math.abs(x[bit] - z1[bit]));
        largest = Math.max(largest, Math.abs(x[bit] - z2[bit]));
      }
      for (int row = 0; row < others; row++) {
        largest = Math.max(largest, Math.abs(products[row] + z3[row] - bound));
      }
      return largest;
    }

    private Distances keepWhereBetter(Distances best) {
      CenterCodes moved = new CenterCodes(centers);
      for (int bit = 0; bit < bits; bit++) {
        moved.setSign(bit, center, x[bit] > 0);
      }
      Distances found = Distances.of(moved, center);
      if (found.quality() > best.quality() || found.least() > best.least()) {
        for (int bit = 0; bit < bits; bit++) {
          centers.setSign(bit, center, x[bit] > 0);
        }
        return found;
      }
      return best;
    }
  }
}
