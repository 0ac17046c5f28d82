package dev.mekiki.centers;

import dev.mekiki.hashing.code.HashCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Random hash centers at the Gilbert-Varshamov distance: codes are drawn one by one, and each is
/// kept if it is far enough from all before.
public final class RandomCenters {
  /// Draws for one center before its table is abandoned, and tables before the distance is.
  private static final int DRAWS = 100_000;

  private static final int TABLES = 20;

  private RandomCenters() {}

  /// Random centers; the same for the same arguments.
  ///
  /// @param codes the centers, all different
  /// @param targetDistance the Gilbert-Varshamov distance d of so many centers
  /// @param minimumDistance the smallest distance between two of the centers, measured: usually d
  ///   or more, less if no table at d was found (d - 1 is guaranteed to exist); bits + 1 for a
  ///   single center
  public record Result(List<HashCode> codes, int targetDistance, int minimumDistance) {
    public Result {
      codes = List.copyOf(codes);
    }

    /// False if the table keeps less than the Gilbert-Varshamov distance.
    public boolean reachedTarget() {
      return minimumDistance >= targetDistance;
    }
  }

  /// Random centers.
  ///
  /// @param bits q, a multiple of 8, {@link HashCode#MIN_BITS} to {@link HashCode#MAX_BITS}
  /// @param count number of centers, 1 to 2^q
  /// @param seed of the draws
  /// @throws IllegalArgumentException if one of these does not hold
  public static Result generate(int bits, int count, long seed) {
    if (bits < HashCode.MIN_BITS || bits > HashCode.MAX_BITS || bits % Byte.SIZE != 0) {
      throw new IllegalArgumentException(
          "bits: %d (expected: a multiple of %d, %d to %d)"
              .formatted(bits, Byte.SIZE, HashCode.MIN_BITS, HashCode.MAX_BITS));
    }
    int target = GilbertVarshamov.minimumDistance(bits, count);
    Random random = new Random(seed);
    for (int distance = target; ; distance--) {
      for (int table = 0; table < TABLES; table++) {
        List<HashCode> codes = draw(bits, count, distance, random);
        if (codes.size() == count) {
          return new Result(codes, target, smallestDistance(bits, codes));
        }
      }
      if (distance == 1) {
        throw new IllegalArgumentException(
            "centers: %d of %d bits (expected: well below 2^%d, to be found by chance)"
                .formatted(count, bits, bits));
      }
    }
  }

  /// Centers at least the given distance apart: fewer than requested if the draws run out.
  private static List<HashCode> draw(int bits, int count, int distance, Random random) {
    List<HashCode> codes = new ArrayList<>(count);
    int draws = 0;
    while (codes.size() < count && draws < DRAWS) {
      HashCode code = code(bits, random);
      draws++;
      if (codes.stream().allMatch(other -> other.distance(code) >= distance)) {
        codes.add(code);
        draws = 0;
      }
    }
    return codes;
  }

  private static HashCode code(int bits, Random random) {
    byte[] bytes = new byte[bits / Byte.SIZE];
    random.nextBytes(bytes);
    return HashCode.fromBytes(bytes);
  }

  private static int smallestDistance(int bits, List<HashCode> codes) {
    int smallest = bits + 1;
    for (int i = 1; i < codes.size(); i++) {
      for (int j = 0; j < i; j++) {
        smallest = Math.min(smallest, codes.get(i).distance(codes.get(j)));
      }
    }
    return smallest;
  }
}
