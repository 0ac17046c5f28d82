package dev.mekiki.hashing.center.solve;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Simulated annealing of single bits: from random centers at distance d, bits are flipped by the
/// Metropolis rule under a falling temperature, never one that would bring two centers closer than
/// d. The best of two restarts is kept.
///
/// Centers settle in a narrow range of temperatures, which depends on q, C and S; sweeps outside of
/// it are lost. So a fast cooling finds it, by the share of flips that are still made, and a slow
/// one goes through it again. All is counted in sweeps, never in time: a seed gives the same
/// centers everywhere.
final class Annealing implements Solver {
  private static final int RESTARTS = 2;

  /// Flips tried in the slow cooling of one restart, from which follows the number of sweeps over
  /// all bits. Four times as many lower the loss by another 1 to 2 %.
  private static final int FLIPS_TRIED = 16_000_000;

  private static final int LEAST_SWEEPS = 500;
  private static final int MOST_SWEEPS = 10_000;

  /// The shares of flips that are made between which the slow cooling takes place.
  private static final double FIRST_SHARE = 0.03;

  private static final double LAST_SHARE = 0.003;
  private static final float FAST_COOLING = 0.8f;

  /// Bounds the fast cooling where hardly anything can be flipped, or all is free.
  private static final int FAST_SWEEPS = 60;

  /// Bounds the descent at the end, which ends by itself long before.
  private static final int DESCENT_SWEEPS = 1_000;

  @Override
  public Optional<CenterCodes> solve(CenterProblem problem, SolveListener listener) {
    return solve(
        problem.bits(), problem.similarity(), problem.minimumDistance(), problem.seed(), listener);
  }

  /// The same for any q from 1 on.
  static Optional<CenterCodes> solve(
      int bits,
      ClassSimilarity similarity,
      int minimumDistance,
      long seed,
      SolveListener listener) {
    long bitCount = (long) bits * similarity.classes();
    int sweeps = Math.clamp(FLIPS_TRIED / bitCount, LEAST_SWEEPS, MOST_SWEEPS);
    SplittableRandom random = new SplittableRandom(seed);
    Optional<CenterCodes> best = Optional.empty();
    double bestLoss = Double.POSITIVE_INFINITY;
    for (int restart = 0; restart < RESTARTS; restart++) {
      Optional<CenterCodes> start =
          RandomDraws.draw(bits, similarity.classes(), minimumDistance, random);
      if (start.isEmpty()) {
        continue;
      }
      CenterCodes centers = start.get();
      Progress progress = new Progress(listener, (long) restart * sweeps, (long) RESTARTS * sweeps);
      anneal(new FlipState(centers, similarity, minimumDistance), sweeps, random, progress);
      double loss = centers.loss(similarity);
      if (loss < bestLoss) {
        bestLoss = loss;
        best = start;
      }
    }
    return best;
  }

  private static void anneal(
      FlipState state, int sweeps, RandomGenerator random, Progress progress) {
    Range range = coolFast(state, random);
    float step = (range.first() - range.last()) / sweeps;
    for (int sweep = 0; sweep < sweeps; sweep++) {
      state.sweep(range.first() - sweep * step, random);
      progress.sweepDone(sweep + 1);
    }
    long before = -1;
    for (int sweep = 0; sweep < DESCENT_SWEEPS && state.flips() > before; sweep++) {
      before = state.flips();
      state.sweep(0, random);
    }
  }

  /// Finds the temperatures between which centers settle.
  private static Range coolFast(FlipState state, RandomGenerator random) {
    // A flip costs C - 1 by itself, and gains a sum over C - 1 other classes: the scale of all
    // costs.
    float temperature = state.centers().count;
    float first = temperature;
    for (int sweep = 0; sweep < FAST_SWEEPS; sweep++) {
      temperature *= FAST_COOLING;
      double share = state.sweep(temperature, random);
      if (share >= FIRST_SHARE) {
        first = temperature;
      }
      if (share < LAST_SHARE) {
        break;
      }
    }
    return new Range(first, temperature);
  }

  private record Range(float first, float last) {}

  private record Progress(SolveListener listener, long before, long total) {
    void sweepDone(int sweeps) {
      listener.progress(before + sweeps, total);
    }
  }
}
