package dev.mekiki.encoder.reference;

import dev.mekiki.runtime.config.ReloadedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The header `Authorization` of requests to some web servers, from a file with lines such as
/// `https://images.example.com/shop/ Bearer TOKEN`. Each goes to URIs under its prefix alone, after
/// redirects, too. Thread-safe.
final class HttpCredentials {
  private static final String KEY = "mekiki.encoder.references.http-credentials-file";

  private final @Nullable ReloadedFile<List<Credential>> file;

  private record Credential(AllowedPrefix prefix, String authorization) {}

  private HttpCredentials(@Nullable ReloadedFile<List<Credential>> file) {
    this.file = file;
  }

  /// Those in a file, if there is one.
  ///
  /// @throws dev.mekiki.runtime.StartException where it cannot be read
  static HttpCredentials open(Optional<Path> file) {
    return new HttpCredentials(
        file.map(path -> ReloadedFile.open(KEY, path, HttpCredentials::read)).orElse(null));
  }

  private static List<Credential> read(Path file) throws IOException {
    List<Credential> credentials = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      String[] parts = text.split("\\s+", 2);
      if (parts.length < 2 || !parts[1].chars().allMatch(c -> c >= ' ' && c <= '~')) {
        throw new IllegalArgumentException(
            "line %d (expected: a URI prefix, a space, and the value of the header Authorization)"
                .formatted(number));
      }
      credentials.add(new Credential(prefix(parts[0], number), parts[1]));
    }
    // The longest prefix counts.
    credentials.sort(
        Comparator.comparingInt((Credential credential) -> credential.prefix().text().length())
            .reversed());
    return List.copyOf(credentials);
  }

  private static AllowedPrefix prefix(String text, int line) {
    try {
      return new AllowedPrefix.Format().convert(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("line %d (%s)".formatted(line, e.getMessage()), e);
    }
  }

  /// The headers for a URI.
  Map<String, String> headers(ReferenceUri uri) {
    if (file == null) {
      return Map.of();
    }
    return file.content().stream()
        .filter(credential -> credential.prefix().covers(uri))
        .findFirst()
        .map(credential -> Map.of("authorization", credential.authorization()))
        .orElse(Map.of());
  }
}
