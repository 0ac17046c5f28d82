package dev.mekiki.runtime.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// A tokens file that tests write.
final class TestTokens {
  private TestTokens() {}

  /// A token as the file has it.
  static String hash(String token) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// An entry of the file.
  ///
  /// @param more further fields, each with a comma before it
  static String entry(String name, String token, String role, String more) {
    return "{\"name\": \"%s\", \"token\": \"%s\", \"roles\": [\"%s\"]%s}"
        .formatted(name, hash(token), role, more);
  }

  static Path write(Path file, String... entries) throws IOException {
    return Files.writeString(file, "{\"tokens\": %s}".formatted(List.of(entries)));
  }
}
