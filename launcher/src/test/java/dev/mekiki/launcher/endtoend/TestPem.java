package dev.mekiki.launcher.endtoend;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Certificates and keys as text.
final class TestPem {
  private TestPem() {}

  /// @param what the kind of thing that it is, such as `CERTIFICATE`
  static String text(String what, byte[] content) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(what, lines);
  }
}
