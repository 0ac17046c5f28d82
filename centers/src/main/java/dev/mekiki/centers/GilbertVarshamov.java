package dev.mekiki.centers;

import java.math.BigInteger;

/// The minimum distance that a center table of a given size should keep.
///
/// The Gilbert-Varshamov bound (E. Gilbert, 1952; R. Varshamov, 1957): a greedy choice of codes,
/// each at least d - 1 from all before, cannot fail while the balls of radius d - 2 around the
/// chosen codes leave a code free. The largest distance guaranteed in this way for C centers of q
/// bits is one less than the smallest d with sum over i below d of binomial(q, i) >= 2^q / C. Balls
/// overlap, so a table at d itself is usually found, and d is the target.
public final class GilbertVarshamov {
  private GilbertVarshamov() {}

  /// The smallest d with sum over i below d of binomial(bits, i) at least 2^bits / count: 4, 10, 17
  /// and 24 for 100 centers of 16, 32, 48 and 64 bits; bits + 1 for a single center.
  ///
  /// @param bits q, at least 1
  /// @param count number of centers, at least 1
  /// @throws IllegalArgumentException if one of these does not hold, or there are fewer codes than
  ///   centers
  public static int minimumDistance(int bits, int count) {
    if (bits < 1) {
      throw new IllegalArgumentException("bits: %d (expected: at least 1)".formatted(bits));
    }
    BigInteger codes = BigInteger.TWO.pow(bits);
    if (count < 1 || BigInteger.valueOf(count).compareTo(codes) > 0) {
      throw new IllegalArgumentException(
          "centers: %d of %d bits (expected: 1 to 2^%d)".formatted(count, bits, bits));
    }
    BigInteger ball = BigInteger.ZERO;
    BigInteger binomial = BigInteger.ONE;
    int distance = 0;
    while (ball.multiply(BigInteger.valueOf(count)).compareTo(codes) < 0) {
      ball = ball.add(binomial);
      binomial =
          binomial
              .multiply(BigInteger.valueOf(bits - distance))
              .divide(BigInteger.valueOf(distance + 1L));
      distance++;
    }
    return distance;
  }
}
