package dev.mekiki.query.policy;

import dev.mekiki.schemas.image.OriginName;
import dev.mekiki.schemas.text.BoundedText;
import org.jspecify.annotations.Nullable;

/// Whose decisions a caller may see and change.
///
/// @param tenant the tenant that the caller's token is bound to; null where it is bound to none
/// @param tenantsShared whether images of different tenants may match: then verdicts are
///   everybody's
public record Scope(@Nullable String tenant, boolean tenantsShared) {
  /// Whether the caller sees a tenant's mutes and thresholds.
  boolean sees(@Nullable String other) {
    return tenant == null || tenant.equals(other);
  }

  /// Whether the caller sees what is done for a tenant.
  ///
  /// @param other null for all tenants
  public boolean seesAll(@Nullable String other) {
    return sees(other);
  }

  /// Whether the caller sees a tenant's verdicts.
  boolean seesVerdicts(String other) {
    return tenantsShared || sees(other);
  }

  /// The tenant that a caller may name, or the one that its token is bound to.
  ///
  /// @param named null where the request names none
  /// @throws io.grpc.StatusRuntimeException where it may not, or it is no name
  public @Nullable String chosen(@Nullable String named) {
    if (named == null) {
      return tenant;
    }
    if (!sees(named)) {
      throw Refusals.denied(
          "tenant: '%s' (expected: '%s', which the token is bound to)"
              .formatted(BoundedText.quote(named), tenant));
    }
    try {
      return OriginName.checked("tenant", named);
    } catch (IllegalArgumentException e) {
      throw Refusals.invalid(String.valueOf(e.getMessage()));
    }
  }
}
