package dev.mekiki.schemas.image;

import dev.mekiki.schemas.text.BoundedText;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// The id of a group: the SHA-256 of the bytes that represent it, hexadecimal, after `(tenant)/`
/// unless it is of the default tenant. A `/` or `%` in a tenant is percent-encoded.
///
/// @param tenant whose group it is; empty for the default tenant
/// @param sha256 64 hexadecimal digits in lower case
public record GroupId(String tenant, String sha256) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /// @throws IllegalArgumentException where the tenant is none, or the hash is no SHA-256
  public GroupId {
    OriginName.checked("tenant", tenant);
    if (!SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "sha256: '%s' (expected: 64 hexadecimal digits in lower case)"
              .formatted(BoundedText.quote(sha256)));
    }
  }

  /// The id as text.
  public static String of(String tenant, String sha256) {
    return tenant.isEmpty()
        ? sha256
        : tenant.replace("%", "%25").replace("/", "%2F") + "/" + sha256;
  }

  /// The id that a text is.
  ///
  /// @throws IllegalArgumentException where it is none
  public static GroupId parse(String text) {
    int slash = text.indexOf('/');
    try {
      return slash < 0
          ? new GroupId("", text)
          : new GroupId(decoded(text.substring(0, slash)), text.substring(slash + 1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "group id: '%s' (expected: 64 hexadecimal digits, after a tenant and '/' where it is not the"
                  .formatted(BoundedText.quote(text))
              + " default one)",
          e);
    }
  }

  /// A `+` is no space here.
  private static String decoded(String tenant) {
    return URLDecoder.decode(tenant.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return of(tenant, sha256);
  }
}
