package dev.mekiki.hashing.policy;

import dev.mekiki.hashing.match.MatchDecision.Reason;
import dev.mekiki.hashing.match.MatchLevel;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.hashing.match.PairFilter;
import dev.mekiki.hashing.match.PlacedRevision;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Leaves out pairs by what people decided, after those whose origins keep them apart. Where nobody
/// decided anything it costs what the supplier does. Thread-safe.
public final class PolicyFilter implements PairFilter {
  private final OriginFilter origins;
  private final Supplier<Policies> policies;
  private final boolean fingerprintsDecide;

  private PolicyFilter(
      OriginFilter origins, Supplier<Policies> policies, boolean fingerprintsDecide) {
    this.origins = origins;
    this.policies = policies;
    this.fingerprintsDecide = fingerprintsDecide;
  }

  /// For {@link dev.mekiki.hashing.match.MatchRule}.
  ///
  /// @param policies asked for each pair, so that a decision takes effect at once
  public static PolicyFilter ofMatches(OriginFilter origins, Supplier<Policies> policies) {
    return new PolicyFilter(origins, policies, true);
  }

  /// For {@link dev.mekiki.hashing.match.CopyRule}: an alignment decides, so that thresholds of
  /// fingerprints are of no account.
  ///
  /// @param policies as for {@link #ofMatches}
  public static PolicyFilter ofCopies(OriginFilter origins, Supplier<Policies> policies) {
    return new PolicyFilter(origins, policies, false);
  }

  @Override
  public @Nullable Reason reason(
      PlacedRevision a, PlacedRevision b, MatchLevel level, int fingerprintDistance) {
    Reason apart = origins.reason(a, b, level, fingerprintDistance);
    if (apart != null) {
      return apart;
    }
    Policies now = policies.get();
    if (now.isEmpty()) {
      return null;
    }
    if (fingerprintsDecide
        && level == MatchLevel.DUPLICATE
        && fingerprintDistance > fingerprintRadius(now, a, b)) {
      return Reason.TENANT_THRESHOLD;
    }
    if (now.isMuted(a) || now.isMuted(b)) {
      return Reason.ON_MUTE_LIST;
    }
    return now.isDismissed(tenantOfPair(a), a.sha256(), b.sha256()) ? Reason.DISMISSED : null;
  }

  @Override
  public boolean leavesOutAllOf(PlacedRevision image) {
    Policies now = policies.get();
    return !now.isEmpty() && now.isMuted(image);
  }

  /// The smaller of both tenants' thresholds.
  private static int fingerprintRadius(Policies now, PlacedRevision a, PlacedRevision b) {
    return Math.min(
        now.fingerprintRadius(a.origin().tenant()), now.fingerprintRadius(b.origin().tenant()));
  }

  /// Both images are of one tenant, unless tenants are shared: then contents are judged for all.
  private String tenantOfPair(PlacedRevision either) {
    return origins.tenantsShared() ? "" : either.origin().tenant();
  }
}
