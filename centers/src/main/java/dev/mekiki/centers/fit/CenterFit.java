package dev.mekiki.centers.fit;

import dev.mekiki.centers.solve.SolveListener;
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
/// its codes, bit by bit, until nothing moves: k-means in Hamming space. Here a center moves only
/// as near to the majority as the others allow ({@link VotedPlace}), so the distance is kept at
/// every step. The fit starts from codes far apart (drawn as by k-means++, then random ones if the
/// codes have no room for more) and ends in a local optimum. Centers that do little there are moved
/// to codes far from all others, as long as that lowers the cost. The best of three starts is
/// returned.
public final class CenterFit {
  private static final int STARTS = 3;

  /// Attempts to move a center elsewhere, for each of them.
  private static final int SWAPS_PER_CENTER = 10;

  /// Starts and swaps use at most this many codes, sampled evenly, since each swap passes over all
  /// of them. If there are more, the result is then fitted to all.
  private static final int SAMPLE = 20_000;

  private static final int MIN_SWAPS = 100;
  private static final int MAX_SWAPS = 2_000;

  private CenterFit() {}

  /// Centers for the problem; the same for the same problem. If none are found at its d (only one
  /// less is guaranteed to exist), smaller distances are tried.
  ///
  /// @throws IllegalArgumentException if there are almost as many centers as codes of q bits
  public static FittedCenters fit(FitProblem problem, SolveListener listener) {
    // Sorted, so that the order of arrival has no effect.
    List<HashCode> sorted = problem.codes().stream().sorted(CenterFit::compare).toList();
    Codes all = Codes.of(sorted, 1);
    int every = Math.ceilDiv(sorted.size(), SAMPLE);
    Codes sample = every == 1 ? all : Codes.of(sorted, every);
    for (int distance = problem.minimumDistance(); distance > 0; distance--) {
      KMajority fitted = fit(sample, problem, distance, listener);
      if (fitted != null) {
        if (every > 1) {
          fitted = new KMajority(all.different(), all.weights(), fitted.centers(), distance);
          fitted.settle();
        }
        return answer(problem, fitted);
      }
    }
    throw new IllegalArgumentException(
        "centers: %d of %d bits (expected: well below 2^%d, to be found by chance)"
            .formatted(problem.count(), problem.bits(), problem.bits()));
  }

  /// Different codes with how often each occurs.
  @SuppressWarnings("ArrayRecordComponent") // a pair handed over, never compared
  private record Codes(PackedCodes different, int[] weights) {
    /// Every n-th of the sorted codes, so that frequent codes stay as frequent.
    static Codes of(List<HashCode> sorted, int every) {
      Map<HashCode, Integer> counts = new LinkedHashMap<>();
      for (int i = 0; i < sorted.size(); i += every) {
        counts.merge(sorted.get(i), 1, Integer::sum);
      }
      return new Codes(
          PackedCodes.of(sorted.getFirst().bits(), counts.keySet()),
          counts.values().stream().mapToInt(Integer::intValue).toArray());
    }
  }

  private static int compare(HashCode a, HashCode b) {
    int order = 0;
    for (int word = 0; order == 0 && word < HashCode.wordCount(a.bits()); word++) {
      order = Long.compare(a.word(word), b.word(word));
    }
    return order;
  }

  private static @Nullable KMajority fit(
      Codes codes, FitProblem problem, int distance, SolveListener listener) {
    int swaps = Math.clamp((long) SWAPS_PER_CENTER * problem.count(), MIN_SWAPS, MAX_SWAPS);
    SplittableRandom random = new SplittableRandom(problem.seed());
    KMajority best = null;
    for (int start = 0; start < STARTS; start++) {
      Optional<PackedCodes> centers =
          StartingCenters.draw(
              codes.different(), codes.weights(), problem.count(), distance, random.split());
      if (centers.isEmpty()) {
        // Found once, they will be found again, or the first ones do.
        return best;
      }
      KMajority fitted = new KMajority(codes.different(), codes.weights(), centers.get(), distance);
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
