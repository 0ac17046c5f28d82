package dev.mekiki.hashing.center.fit;

import dev.mekiki.hashing.center.solve.SolveListener;
import dev.mekiki.hashing.code.HashCode;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Fits centers to codes, by clustering under a minimum distance.
///
/// Plain k-majority gives each code to its nearest center and moves each center to the majority of
/// its codes, bit by bit, until nothing moves: k-means in Hamming space. Here a center goes only as
/// near to the majority as the others let it ({@link VotedPlace}), so that the distance is kept
/// from the first step to the last. It starts from codes far apart (drawn like k-means++ does,
/// filled up with random ones where the codes have no room for more) and ends in a local optimum;
/// centers that do little there are moved to codes that lie far from all, as long as that helps.
/// The best of three starts is the answer.
public final class CenterFit {
  private static final int STARTS = 3;

  /// Attempts to move a center elsewhere, for each of them.
  private static final int SWAPS_PER_CENTER = 10;

  private static final int FEWEST_SWAPS = 100;
  private static final int MOST_SWAPS = 2_000;

  private CenterFit() {}

  /// Centers for the problem; the same for the same one. Where none are found at its d, which only
  /// d
  /// - 1 is guaranteed to allow, one less is tried, until there are some.
  ///
  /// @throws IllegalArgumentException where there are all but as many centers as codes of q bits
  public static FittedCenters fit(FitProblem problem, SolveListener listener) {
    // Sorted: how codes arrived has no say.
    Map<HashCode, Integer> counts = new LinkedHashMap<>();
    problem.codes().stream()
        .sorted(Comparator.comparing(HashCode::toHex))
        .forEach(code -> counts.merge(code, 1, Integer::sum));
    PackedCodes codes = PackedCodes.of(problem.bits(), counts.keySet());
    int[] weights = counts.values().stream().mapToInt(Integer::intValue).toArray();
    for (int distance = problem.minimumDistance(); distance > 0; distance--) {
      KMajority fitted = fit(codes, weights, problem, distance, listener);
      if (fitted != null) {
        return answer(problem, fitted);
      }
    }
    throw new IllegalArgumentException(
        "centers: %d of %d bits (expected: well below 2^%d, to be found by chance)"
            .formatted(problem.count(), problem.bits(), problem.bits()));
  }

  private static @Nullable KMajority fit(
      PackedCodes codes, int[] weights, FitProblem problem, int distance, SolveListener listener) {
    int swaps = Math.clamp((long) SWAPS_PER_CENTER * problem.count(), FEWEST_SWAPS, MOST_SWAPS);
    SplittableRandom random = new SplittableRandom(problem.seed());
    KMajority best = null;
    for (int start = 0; start < STARTS; start++) {
      Optional<PackedCodes> centers =
          StartingCenters.draw(codes, weights, problem.count(), distance, random.split());
      if (centers.isEmpty()) {
        // Found once, they will be found again, or the first ones do.
        return best;
      }
      KMajority fitted = new KMajority(codes, weights, centers.get(), distance);
      fitted.settle();
      for (int swap = 0; swap < swaps; swap++) {
        fitted.trySwap(random);
        listener.progress((long) start * swaps + swap + 1, (long) STARTS * swaps);
      }
      fitted.settle();
      if (best == null || fitted.cost() < best.cost()) {
        best = fitted;
      }
    }
    return best;
  }

  private static FittedCenters answer(FitProblem problem, KMajority fitted) {
    long[] sizes = fitted.sizes();
    List<HashCode> centers = fitted.centers().toHashCodes();
    return new FittedCenters(
        IntStream.range(0, centers.size())
            .boxed()
            .sorted(Comparator.comparingLong(center -> -sizes[center]))
            .map(centers::get)
            .toList(),
        problem.minimumDistance(),
        fitted.centers().smallestDistance(),
        (double) fitted.cost() / problem.codes().size());
  }
}
