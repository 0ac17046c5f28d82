package dev.mekiki.hashing.center;

/// Lower bounds of the Hamming distance d(q, x) between a query q and a code x of which only its
/// bucket c and shell s = d(x, c) are known. With a(z) the nearest center of z:
///
/// - shell bound: d(q, x) >= |d(q, c) - s|, the triangle inequality;
/// - center bound: d(q, x) >= ceil((d(q, c) - d(q, a(q))) / 2), since d(q, c) <= d(q, x) + s and s
///   <= d(x, a(q)) <= d(q, x) + d(q, a(q));
/// - parity: d(q, x) has the parity of d(q, c) + s, so a bound of the other parity rises by one.
public final class Bounds {
  private Bounds() {}

  /// Lower bound for any code of a bucket.
  ///
  /// @param centerDistance d(q, c)
  /// @param nearestDistance d(q, a(q))
  public static int ofBucket(int centerDistance, int nearestDistance) {
    return (centerDistance - nearestDistance + 1) / 2;
  }

  /// Lower bound for any code of one shell of a bucket; at least {@link #ofBucket}.
  ///
  /// @param centerDistance d(q, c)
  /// @param nearestDistance d(q, a(q))
  /// @param shell s
  public static int ofShell(int centerDistance, int nearestDistance, int shell) {
    int bound =
        Math.max(Math.abs(centerDistance - shell), ofBucket(centerDistance, nearestDistance));
    int parity = (centerDistance + shell) & 1;
    return (bound & 1) == parity ? bound : bound + 1;
  }
}
