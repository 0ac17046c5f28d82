package dev.mekiki.centers.solve;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Simulated annealing of single bits: from random centers at distance d, bits are flipped by the
/// Metropolis rule under a falling temperature, never one that would bring two centers closer than
/// d. The best of two restarts is kept; they run in parallel if processors are free.
///
/// Centers settle in a narrow range of temperatures, which depends on q, C and S; sweeps outside of
/// it are wasted. So after a descent the centers are heated to a temperature at which few flips are
/// made, which follows from the costs of flips, cooled fast until fewer are made, and then slowly.
/// All limits count sweeps, not time, and each restart has its own random numbers: a seed gives the
/// same centers everywhere.
final class Annealing implements Solver {
  /// Sweeps of the slow cooling of one restart, times q^2.5 C: long codes need fewer, having more
  /// distances to choose from. Twice as many lower the loss by another half percent.
  private static final double WORK = 2e9;

  private static final int MIN_SWEEPS = 1_200;

  /// The work that few classes leave is spent on more restarts: if d leaves hardly a bit to flip,
  /// the start matters most.
  private static final int MAX_SWEEPS_PER_CLASS = 200;

  private static final int MIN_RESTARTS = 2;
  private static final int MAX_RESTARTS = 2_000;

  /// The share of flips tried that would be made where fast cooling begins, by the costs after a
  /// descent.
  private static final double HOT_SHARE = 0.02;

  private static final float FAST_COOLING = 0.85f;
  private static final int FAST_SWEEPS = 4;

  /// The share of flips tried that is made where fast cooling ends and slow cooling begins.
  private static final double FIRST_SHARE = 0.009;

  /// Where slow cooling ends, as a part of where it begins. What is above falls with the third
  /// power of the sweeps that are left: the hotter, the more flips a sweep makes, and the fewer
  /// sweeps it takes for centers to settle.
  private static final float LAST_PART = 0.6f;

  /// Limits the search for a temperature if nothing, or everything, can be flipped.
  private static final int MAX_STEPS = 60;

  /// Limits descents, which usually end long before.
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
    int classes = similarity.classes();
    double affordable = WORK / (bits * bits * Math.sqrt(bits) * classes);
    int sweeps = (int) Math.max(MIN_SWEEPS, Math.min(affordable, MAX_SWEEPS_PER_CLASS * classes));
    int restarts = (int) Math.clamp(MIN_RESTARTS * affordable / sweeps, MIN_RESTARTS, MAX_RESTARTS);
    SplittableRandom random = new SplittableRandom(seed);
    List<Restart> all = new ArrayList<>();
    Progress progress = new Progress(listener, (long) restarts * sweeps);
    for (int restart = 0; restart < restarts; restart++) {
      Optional<CenterCodes> start = RandomDraws.draw(bits, classes, minimumDistance, random);
      if (start.isEmpty()) {
        return Optional.empty();
      }
      all.add(new Restart(start.get(), random.split()));
    }
    // Of equals the first, whichever is done first.
    return all.parallelStream()
        .map(restart -> restart.run(similarity, minimumDistance, sweeps, progress))
        .min(Comparator.comparingDouble(Settled::loss))
        .map(Settled::centers);
  }

  private record Settled(CenterCodes centers, double loss) {}

  private record Restart(CenterCodes centers, SplittableRandom random) {
    Settled run(ClassSimilarity similarity, int minimumDistance, int sweeps, Progress progress) {
      anneal(new FlipState(centers, similarity, minimumDistance), sweeps, random, progress);
      return new Settled(centers, centers.loss(similarity));
    }
  }

  private static void anneal(
      FlipState state, int sweeps, RandomGenerator random, Progress progress) {
    descend(state, random);
    float first = coolFast(state, random);
    for (int sweep = 0; sweep < sweeps; sweep++) {
      float left = 1 - (float) sweep / sweeps;
      state.sweep(first * (LAST_PART + (1 - LAST_PART) * left * left * left), random);
      progress.sweepDone();
    }
    descend(state, random);
  }

  private static void descend(FlipState state, RandomGenerator random) {
    long before = -1;
    for (int sweep = 0; sweep < DESCENT_SWEEPS && state.flips() > before; sweep++) {
      before = state.flips();
      state.sweep(0, random);
    }
  }

  /// The temperature from which centers are cooled slowly.
  private static float coolFast(FlipState state, RandomGenerator random) {
    float temperature = hot(state);
    for (int step = 0; step < MAX_STEPS; step++) {
      double share = 0;
      for (int sweep = 0; sweep < FAST_SWEEPS; sweep++) {
        share += state.sweep(temperature, random) / FAST_SWEEPS;
      }
      if (share <= FIRST_SHARE) {
        break;
      }
      temperature *= FAST_COOLING;
    }
    return temperature;
  }

  /// Where a sweep would make {@link #HOT_SHARE} of all flips, if none changed what others cost.
  private static float hot(FlipState state) {
    float[] costs = state.costs();
    double wanted = HOT_SHARE * state.centers().bits * state.centers().count;
    float temperature = 1;
    for (int step = 0; step < MAX_STEPS && expectedFlips(costs, temperature) < wanted; step++) {
      temperature /= FAST_COOLING;
    }
    for (int step = 0; step < MAX_STEPS && expectedFlips(costs, temperature) > wanted; step++) {
      temperature *= FAST_COOLING;
    }
    return temperature;
  }

  private static double expectedFlips(float[] costs, float temperature) {
    double sum = 0;
    for (float cost : costs) {
      // StrictMath, so that equal seeds give equal centers on every machine.
      sum += StrictMath.exp(-cost / temperature);
    }
    return sum;
  }

  /// Of all restarts together.
  private static final class Progress {
    private static final int REPORTS = 1_000;

    private final SolveListener listener;
    private final long total;
    private final long stride;
    private long done;

    Progress(SolveListener listener, long total) {
      this.listener = listener;
      this.total = total;
      stride = Math.max(1, total / REPORTS);
    }

    synchronized void sweepDone() {
      done++;
      if (done % stride == 0 || done == total) {
        listener.progress(done, total);
      }
    }
  }
}
