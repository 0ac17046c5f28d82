package dev.mekiki.runtime.policy;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A tenant's name as a part of an id: what would end it is percent-encoded. Stateless.
final class EscapedTenant {
  private static final Pattern CODES = Pattern.compile("%([0-9A-F]{2})");

  private EscapedTenant() {}

  static String of(String tenant) {
    return tenant.replace("%", "%25").replace("/", "%2F");
  }

  /// With its first character, which is ASCII, percent-encoded.
  static String first(String tenant) {
    return "%%%02X".formatted((int) tenant.charAt(0)) + of(tenant.substring(1));
  }

  /// The name of {@link #of}. What nothing was escaped to may give any.
  static String read(String escaped) {
    Matcher codes = CODES.matcher(escaped);
    return codes.replaceAll(code ->
        Matcher.quoteReplacement(
            new String(
                new byte[] {(byte) Integer.parseInt(code.group(1), 16)},
                StandardCharsets.ISO_8859_1)));
  }
}
