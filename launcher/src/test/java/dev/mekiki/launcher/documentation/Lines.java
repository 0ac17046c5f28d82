package dev.mekiki.launcher.documentation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// The lists beside these tests: one entry a line; empty lines and those that begin with `#` do not
/// count.
final class Lines {
  private Lines() {}

  static List<String> of(String name) {
    try (InputStream in = Objects.requireNonNull(Lines.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
