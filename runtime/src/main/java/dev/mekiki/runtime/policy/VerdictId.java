package dev.mekiki.runtime.policy;

import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.policy.PairKey;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a verdict is about: two contents of a tenant. Its text is the verdict's id, and its key on
/// `verdicts`.
///
/// @param tenant whose contents they are; empty for the default tenant
/// @param a the smaller of both; which is given first does not matter
/// @param b the other one
public record VerdictId(String tenant, Sha256 a, Sha256 b) {
  private static final Pattern TEXT =
      Pattern.compile("(?:(.*)/)?([0-9a-f]{64})-([0-9a-f]{64})", Pattern.DOTALL);

  public VerdictId {
    if (a.compareTo(b) > 0) {
      Sha256 larger = a;
      a = b;
      b = larger;
    }
  }

  /// The id of its text.
  ///
  /// @throws IllegalArgumentException where it is no such text
  public static VerdictId parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (parts.matches()) {
      String tenant = parts.group(1) == null ? "" : EscapedTenant.read(parts.group(1));
      VerdictId id =
          new VerdictId(tenant, Sha256.fromHex(parts.group(2)), Sha256.fromHex(parts.group(3)));
      // Each id has one text.
      if (id.toString().equals(text)) {
        return id;
      }
    }
    throw new IllegalArgumentException(
        "expected: two SHA-256 of 64 lower-case hexadecimal digits, the smaller first, with a '-'"
            + " between them, after 'TENANT/' unless it is the default one");
  }

  /// The key of the pair in {@link dev.mekiki.hashing.policy.DismissedPairs}.
  PairKey pair() {
    return PairKey.of(tenant, a, b);
  }

  @Override
  public String toString() {
    return (tenant.isEmpty() ? "" : EscapedTenant.of(tenant) + '/') + a.toHex() + '-' + b.toHex();
  }
}
