package dev.mekiki.hashing.policy;

import dev.mekiki.hashing.match.Sha256;
import java.util.concurrent.ThreadLocalRandom;

/// 128 bits of a hash of two contents of a tenant, in either order: of a million pairs two share
/// one with a chance of one in 2^89. Salted anew in every process, so that nobody can make two that
/// do; it never leaves the process.
///
/// @param low neither of the two values that {@link DismissedPairs} marks free slots with
/// @param high the other half
public record PairKey(long low, long high) {
  private static final long SALT = ThreadLocalRandom.current().nextLong();
  private static final int RESERVED = 2;

  /// The key of a pair.
  ///
  /// @param tenant whose pair it is; empty for the default tenant
  public static PairKey of(String tenant, Sha256 a, Sha256 b) {
    boolean inOrder = a.compareTo(b) <= 0;
    Sha256 first = inOrder ? a : b;
    Sha256 second = inOrder ? b : a;
    long low = SALT;
    long high = ~SALT;
    for (int i = 0; i < tenant.length(); i++) {
      low = mixed(low, tenant.charAt(i));
      high = mixed(high, ~tenant.charAt(i));
    }
    low = mixed(mixed(mixed(mixed(low, first.a()), first.b()), first.c()), first.d());
    high = mixed(mixed(mixed(mixed(high, first.d()), first.c()), first.b()), first.a());
    low = mixed(mixed(mixed(mixed(low, second.a()), second.b()), second.c()), second.d());
    high = mixed(mixed(mixed(mixed(high, second.d()), second.c()), second.b()), second.a());
    return new PairKey(low >= 0 && low < RESERVED ? low + RESERVED : low, high);
  }

  /// Each bit of the result depends on each bit of both (the finaliser of SplitMix64, after D.
  /// Stafford's mix 13).
  private static long mixed(long hash, long value) {
    long mixed = hash * 0x9E3779B97F4A7C15L + value;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
