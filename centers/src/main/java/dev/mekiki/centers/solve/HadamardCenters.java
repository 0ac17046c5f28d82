package dev.mekiki.centers.solve;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// The centers of central similarity quantization (Yuan et al., CVPR 2020): the rows of the q x q
/// Hadamard matrix, which differ in q / 2 bits, then their opposites. Where q is not a power of
/// two, and for classes past the 2q-th, a center is q / 2 bits drawn to be 1. These keep no
/// distance: what they have is reported.
final class HadamardCenters implements Solver {
  @Override
  public Optional<CenterCodes> solve(CenterProblem problem, SolveListener listener) {
    CenterCodes centers =
        centers(problem.bits(), problem.classes(), new SplittableRandom(problem.seed()));
    listener.progress(1, 1);
    return Optional.of(centers);
  }

  static CenterCodes centers(int bits, int count, RandomGenerator random) {
    CenterCodes centers = new CenterCodes(bits, count);
    int rows = Integer.bitCount(bits) == 1 ? 2 * bits : 0;
    for (int center = 0; center < count; center++) {
      if (center < rows) {
        setRow(centers, center);
      } else {
        drawHalf(centers, center, random);
      }
    }
    return centers;
  }

  /// Sylvester's construction: the entry at row i and column b is -1 to the number of 1s that the
  /// numbers i and b share.
  private static void setRow(CenterCodes centers, int center) {
    int row = center % centers.bits;
    boolean opposite = center >= centers.bits;
    for (int bit = 0; bit < centers.bits; bit++) {
      boolean positive = Integer.bitCount(row & bit) % 2 == 0;
      centers.setSign(bit, center, positive != opposite);
    }
  }

  /// Each set of q / 2 bits with the same probability: the bits in order, each with the share that
  /// is still to be drawn.
  private static void drawHalf(CenterCodes centers, int center, RandomGenerator random) {
    int wanted = centers.bits / 2;
    for (int bit = 0; bit < centers.bits; bit++) {
      boolean positive = random.nextInt(centers.bits - bit) < wanted;
      centers.setSign(bit, center, positive);
      wanted -= positive ? 1 : 0;
    }
  }
}
