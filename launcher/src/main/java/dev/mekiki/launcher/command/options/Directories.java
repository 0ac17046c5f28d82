package dev.mekiki.launcher.command.options;

import dev.mekiki.runtime.StartException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Directories that options name.
public final class Directories {
  private Directories() {}

  /// The directory itself.
  ///
  /// @param option that names it
  /// @param contents what it should hold
  /// @throws StartException where it is none
  public static Path existing(String option, Path directory, String contents) {
    if (!Files.isDirectory(directory)) {
      throw new StartException(
          "%s %s: no such directory (expected: one with %s)"
              .formatted(option, directory, contents));
    }
    return directory;
  }
}
