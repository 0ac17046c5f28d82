package dev.mekiki.query.api;

import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.image.OriginName;
import dev.mekiki.schemas.text.BoundedText;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// What a caller may see and change. One whose token is bound to a tenant sends and deletes images
/// of that tenant alone, whose ids begin with `TENANT/`; and sees those and their matches alone,
/// unless tenants are shared. Any other caller may name a tenant, and otherwise sees everybody's.
///
/// A tenant is null for everybody's, and empty for the default tenant.
///
/// @param shared whether everybody sees the images of all tenants (`mekiki.tenants.shared`)
record TenantRules(boolean shared) {
  /// Whose images and matches a caller sees.
  @Nullable String seen(Caller caller) {
    return shared ? null : caller.tenant();
  }

  /// Whose images a search may find.
  ///
  /// @param named the tenant that the request names; null where it names none
  /// @throws ApiException PERMISSION_DENIED where it is one that the caller does not see,
  ///   INVALID_ARGUMENT where it is none
  @Nullable String searched(Caller caller, @Nullable String named) {
    if (named == null) {
      return seen(caller);
    }
    @Nullable String seen = seen(caller);
    if (seen != null && !seen.equals(named)) {
      throw otherTenant(named, seen);
    }
    return checked("tenant", named);
  }

  /// Whose an image becomes that a caller sends.
  ///
  /// @param named the tenant that the request names; null where it names none
  /// @throws ApiException PERMISSION_DENIED where the caller may not send this id, or none of this
  ///   tenant; INVALID_ARGUMENT where it is none
  String owner(Caller caller, ImageId id, @Nullable String named) {
    @Nullable String bound = caller.tenant();
    if (bound == null) {
      return named == null ? "" : checked("tenant", named);
    }
    if (named != null && !named.equals(bound)) {
      throw otherTenant(named, bound);
    }
    checkChange(caller, id);
    return bound;
  }

  /// Checks that a caller may change the image of an id, whether or not there is one.
  ///
  /// @throws ApiException PERMISSION_DENIED where it may not
  void checkChange(Caller caller, ImageId id) {
    @Nullable String bound = caller.tenant();
    if (bound != null && !id.value().startsWith(bound + "/")) {
      throw new ApiException(
          Status.Code.PERMISSION_DENIED,
          "id: '%s' (expected: one that begins with '%s/', because the token is bound to the tenant '%s')"
              .formatted(BoundedText.quote(id.value()), bound, bound));
    }
  }

  /// The name of a tenant or of a source.
  ///
  /// @param what is named
  /// @throws ApiException INVALID_ARGUMENT where it is none
  static String checked(String what, String name) {
    try {
      return OriginName.checked(what, name);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(String.valueOf(e.getMessage()));
    }
  }

  private static ApiException otherTenant(String named, String bound) {
    return new ApiException(
        Status.Code.PERMISSION_DENIED,
        "tenant: '%s' (expected: '%s', which the token is bound to, or none)"
            .formatted(BoundedText.quote(named), bound));
  }
}
