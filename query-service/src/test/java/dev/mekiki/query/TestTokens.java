package dev.mekiki.query;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A tokens file for tests. The token of a name is `token-of-NAME`, at least 16 characters.
final class TestTokens {
  private final List<String> entries = new ArrayList<>();

  /// The token of a name.
  static String token(String name) {
    return "token-of-the-" + name;
  }

  /// Adds a token that is bound to the tenant of its name and may all that tenants may.
  TestTokens tenant(String tenant) {
    return add(
        tenant, ", \"tenant\": \"%s\"".formatted(tenant), "read", "write", "review", "operate");
  }

  /// Adds a token that is bound to no tenant.
  TestTokens with(String name, String... roles) {
    return add(name, "", roles);
  }

  /// @param more further fields, each with a comma before it
  TestTokens add(String name, String more, String... roles) {
    entries.add(
        "{\"name\": \"%s\", \"token\": \"sha256:%s\", \"roles\": %s%s}"
            .formatted(
                name,
                Hashing.sha256().hashString(token(name), StandardCharsets.UTF_8),
                List.of(roles).stream()
                    .map(role -> '"' + role + '"')
                    .collect(Collectors.joining(",", "[", "]")),
                more));
    return this;
  }

  /// Writes the file.
  Path write(Path file) throws IOException {
    return Files.writeString(file, "{\"tokens\": %s}".formatted(entries));
  }
}
