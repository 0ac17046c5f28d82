package dev.mekiki.centers.solve;

import dev.mekiki.centers.RandomCenters;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Random centers: codes are drawn one by one, and each is kept if it is far enough from all
/// before.
final class RandomDraws implements Solver {
  /// Draws for one center before its table is abandoned, and tables before the distance is.
  private static final int DRAWS = 20_000;

  private static final int TABLES = 20;

  @Override
  public Optional<CenterCodes> solve(CenterProblem problem, SolveListener listener) {
    RandomCenters.Result result =
        RandomCenters.generate(problem.bits(), problem.classes(), problem.seed());
    listener.progress(1, 1);
    return Optional.of(CenterCodes.of(result.codes()));
  }

  /// Centers of which every two are at least the given distance apart: none if the draws run out.
  static Optional<CenterCodes> draw(int bits, int count, int distance, RandomGenerator random) {
    CenterCodes centers = new CenterCodes(bits, count);
    for (int table = 0; table < TABLES; table++) {
      if (drawAll(centers, distance, random)) {
        return Optional.of(centers);
      }
    }
    return Optional.empty();
  }

  private static boolean drawAll(CenterCodes centers, int distance, RandomGenerator random) {
    for (int center = 0; center < centers.count; center++) {
      int draws = 0;
      do {
        if (draws++ == DRAWS) {
          return false;
        }
        centers.draw(center, random);
      } while (!isFarFromThoseBefore(centers, center, distance));
    }
    return true;
  }

  private static boolean isFarFromThoseBefore(CenterCodes centers, int center, int distance) {
    for (int other = 0; other < center; other++) {
      if (centers.distance(center, other) < distance) {
        return false;
      }
    }
    return true;
  }
}
