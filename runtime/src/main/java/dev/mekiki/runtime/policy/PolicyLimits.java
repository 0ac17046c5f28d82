package dev.mekiki.runtime.policy;

import dev.mekiki.hashing.policy.DismissedPairs;

/// How much of what people decide is kept.
public final class PolicyLimits {
  /// Most mutes of all tenants together: each matching pair is compared with all of them.
  public static final int MAX_MUTES = 10_000;

  /// Most verdicts.
  public static final int MAX_VERDICTS = DismissedPairs.MAX_SIZE;

  /// Most tenants with thresholds of their own.
  public static final int MAX_TENANTS = 10_000;

  /// Most bytes of the name of an author.
  public static final int AUTHOR_BYTES = 256;

  /// Most bytes of a reason or note.
  public static final int TEXT_BYTES = 4 << 10;

  private PolicyLimits() {}
}
