package dev.mekiki.benchmarks.data;

import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Picture files of a directory.
public final class PictureFiles {
  private PictureFiles() {}

  /// The JPEG files of a directory, by name.
  ///
  /// @param option that named the directory
  /// @throws StartException if it is none, or has no such file
  public static List<Path> in(String option, Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new StartException(
          "%s: '%s' is not a directory (expected: one with JPEG files)"
              .formatted(option, directory));
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> pictures =
          files
              .filter(file -> file.toString().toLowerCase(Locale.ROOT).endsWith(".jpg"))
              .sorted()
              .toList();
      if (pictures.isEmpty()) {
        throw new StartException(
            "%s: no JPEG file in '%s' (expected: at least one)".formatted(option, directory));
      }
      return pictures;
    }
  }
}
