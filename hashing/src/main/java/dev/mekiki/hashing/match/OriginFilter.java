package dev.mekiki.hashing.match;

import dev.mekiki.hashing.match.MatchDecision.Reason;
import org.jspecify.annotations.Nullable;

/// Leaves out pairs by where their images come from.
///
/// @param tenantsShared whether images of different tenants may match
/// @param sameSource whether images of one source, of which both say what they come from, may match
public record OriginFilter(boolean tenantsShared, boolean sameSource) implements PairFilter {
  /// Tenants are kept apart, sources are not.
  public static final OriginFilter DEFAULT = new OriginFilter(false, true);

  @Override
  public @Nullable Reason reason(
      PlacedRevision a, PlacedRevision b, MatchLevel level, int fingerprintDistance) {
    Origin first = a.origin();
    Origin second = b.origin();
    if (first.equals(Origin.UNKNOWN) && second.equals(Origin.UNKNOWN)) {
      return null;
    }
    if (!tenantsShared && !first.tenant().equals(second.tenant())) {
      return Reason.OTHER_TENANT;
    }
    return !sameSource && !first.source().isEmpty() && first.equals(second)
        ? Reason.SAME_SOURCE
        : null;
  }
}
