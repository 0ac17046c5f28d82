package dev.mekiki.centers.solve;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/// The published solver of semantic hash centers (Chen et al., arXiv 2507.08404), the reference that
/// ours is compared with: an augmented Lagrangian in which H is separated from its proxy M and the
/// distance constraint gets a slack K >= 0. They are updated in turn, for T = 20 rounds:
///
///     M = (2/q^2 H H^T + rho I)^-1 (2/q H S + Lambda + rho H)
///     K = max(q - 2d - H^T H + alpha / beta, 0)
///     h_i = sign(h_i - g_i / eta) of each column, three times over, where
///       g_i = 2/q^2 M M^T h_i - 2/q M s_i + Lambda_i + rho (h_i - m_i)
///             + 1/C^2 sum over j other than i of
///               (2 mu - 2 alpha_ij + 2 beta (h_i^T h_j - (q - 2d - K_ij))) h_j;
///       dropped if it breaks d
///     Lambda = Lambda + rho (H - M)     alpha = alpha + beta (q - 2d - H^T H - K)
///
/// with mu .625, rho .2, beta 1e-6, eta .5, Lambda .1 and alpha 0 at first; the best round's H is
/// kept. Three passes, the factor 1 / C^2 and alpha's start are those of the authors' program, which
/// the paper leaves open. It starts from {@link MinimalDistanceSeparation}; where those centers do
/// not reach d, from random ones, since no update is taken that breaks d.
final class AugmentedLagrangian implements Solver {
  private static final int ROUNDS = 20;
  private static final int PASSES = 3;
  private static final double MU = 0.625;
  private static final double RHO = 0.2;
  private static final double BETA = 1e-6;
  private static final double ETA = 0.5;
  private static final double FIRST_LAMBDA = 0.1;

  @Override
  public Optional<CenterCodes> solve(CenterProblem problem, SolveListener listener) {
    SplittableRandom random = new SplittableRandom(problem.seed());
    int bits = problem.bits();
    int distance = problem.minimumDistance();
    CenterCodes separated =
        MinimalDistanceSeparation.centers(bits, problem.classes(), distance, random, listener);
    Optional<CenterCodes> start =
        separated.smallestDistance() >= distance
            ? Optional.of(separated)
            : RandomDraws.draw(bits, problem.classes(), distance, random);
    return start.map(centers -> new Search(centers, problem.similarity(), distance).best());
  }

  private static final class Search {
    private final CenterCodes centers;
    private final ClassSimilarity similarity;
    private final int minimumDistance;
    private final int bits;
    private final int count;

    /// q - 2d: no product of two columns may be more.
    private final double bound;

    /// H by columns: one row for each center.
    private final double[][] h;

    /// Lambda by columns.
    private final double[][] lambda;

    private final double[][] alpha;

    Search(CenterCodes centers, ClassSimilarity similarity, int minimumDistance) {
      this.centers = centers;
      this.similarity = similarity;
      this.minimumDistance = minimumDistance;
      bits = centers.bits;
      count = centers.count;
      bound = bits - 2.0 * minimumDistance;
      h = new double[count][bits];
      lambda = new double[count][bits];
      alpha = new double[count][count];
      for (int i = 0; i < count; i++) {
        for (int bit = 0; bit < bits; bit++) {
          h[i][bit] = centers.sign(bit, i);
        }
        Arrays.fill(lambda[i], FIRST_LAMBDA);
      }
    }

    CenterCodes best() {
      CenterCodes best = new CenterCodes(centers);
      double bestLoss = centers.loss(similarity);
      for (int round = 0; round < ROUNDS; round++) {
        double[][] m = proxies();
        double[][] k = slacks();
        moveColumns(m, k);
        updateMultipliers(m, k);
        double loss = centers.loss(similarity);
        if (loss < bestLoss) {
          bestLoss = loss;
          best = new CenterCodes(centers);
        }
      }
      return best;
    }

    /// M by columns.
    private double[][] proxies() {
      double[][] system = gram(h, 2.0 / (bits * bits));
      for (int bit = 0; bit < bits; bit++) {
        system[bit][bit] += RHO;
      }
      double[][] inverse = Matrices.inverseOfSymmetric(system);
      double[][] right = projections(h, 2.0 / bits);
      double[][] m = new double[count][bits];
      for (int i = 0; i < count; i++) {
        Matrices.addScaled(1, lambda[i], right[i]);
        Matrices.addScaled(RHO, h[i], right[i]);
        for (int bit = 0; bit < bits; bit++) {
          Matrices.addScaled(right[i][bit], inverse[bit], m[i]);
        }
      }
      return m;
    }

    private double[][] slacks() {
      double[][] k = new double[count][count];
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
          k[i][j] = Math.max(bound - product(i, j) + alpha[i][j] / BETA, 0);
        }
      }
      return k;
    }

    private void moveColumns(double[][] m, double[][] k) {
      double[][] curvature = gram(m, 2.0 / (bits * bits));
      double[][] pulls = projections(m, 2.0 / bits);
      double[] gradient = new double[bits];
      for (int pass = 0; pass < PASSES; pass++) {
        for (int i = 0; i < count; i++) {
          Arrays.fill(gradient, 0);
          addConstraints(i, k, gradient);
          for (int bit = 0; bit < bits; bit++) {
            Matrices.addScaled(h[i][bit], curvature[bit], gradient);
            gradient[bit] += lambda[i][bit] + RHO * (h[i][bit] - m[i][bit]) - pulls[i][bit];
          }
          move(i, gradient);
        }
      }
    }

    private void addConstraints(int i, double[][] k, double[] gradient) {
      double share = 2.0 / ((double) count * count);
      for (int j = 0; j < count; j++) {
        if (j != i) {
          double excess = product(i, j) - (bound - k[i][j]);
          Matrices.addScaled(share * (MU - alpha[i][j] + BETA * excess), h[j], gradient);
        }
      }
    }

    /// The sign update of a column, unless it breaks d.
    private void move(int i, double[] gradient) {
      CenterCodes moved = new CenterCodes(centers);
      for (int bit = 0; bit < bits; bit++) {
        moved.setSign(bit, i, h[i][bit] - gradient[bit] / ETA > 0);
      }
      if (moved.smallestDistance(i, count) >= minimumDistance) {
        for (int bit = 0; bit < bits; bit++) {
          h[i][bit] = moved.sign(bit, i);
          centers.setSign(bit, i, h[i][bit] > 0);
        }
      }
    }

    private void updateMultipliers(double[][] m, double[][] k) {
      for (int i = 0; i < count; i++) {
        for (int bit = 0; bit < bits; bit++) {
          lambda[i][bit] += RHO * (h[i][bit] - m[i][bit]);
        }
        for (int j = 0; j < count; j++) {
          if (j != i) {
            alpha[i][j] += BETA * (bound - product(i, j) - k[i][j]);
          }
        }
      }
    }

    /// h_i^T h_j.
    private int product(int i, int j) {
      return bits - 2 * centers.distance(i, j);
    }

    /// X X^T times a factor, q x q, of X by columns.
    private double[][] gram(double[][] columns, double factor) {
      double[][] gram = new double[bits][bits];
      for (double[] column : columns) {
        for (int bit = 0; bit < bits; bit++) {
          Matrices.addScaled(factor * column[bit], column, gram[bit]);
        }
      }
      return gram;
    }

    /// X S times a factor, by columns, of X by columns.
    private double[][] projections(double[][] columns, double factor) {
      double[][] projections = new double[count][bits];
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
          Matrices.addScaled(factor * similarity.of(i, j), columns[j], projections[i]);
        }
      }
      return projections;
    }
  }
}
