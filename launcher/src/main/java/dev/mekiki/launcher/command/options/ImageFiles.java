package dev.mekiki.launcher.command.options;

import dev.mekiki.runtime.StartException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Image files that a user names, by directory or one by one.
public final class ImageFiles {
  private static final Pattern EXTENSION = Pattern.compile(".*\\.(jpe?g|png|webp|gif|bmp)");

  private ImageFiles() {}

  /// One file and what is to be its image id.
  ///
  /// @param id the path relative to the directory named, with `/` between its parts; of a file
  ///   named itself: its path as written without a leading `/`
  public record Named(Path file, String id) {}

  /// All files, in the order named, those of a directory by path.
  ///
  /// @param paths files, taken whatever their name; and directories, of which all files below are
  ///   taken that are named like images, hidden ones and those of hidden directories left out
  /// @throws StartException where a path does not exist
  public static List<Named> find(List<Path> paths) throws IOException {
    List<Named> found = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        for (Path file : below(path)) {
          found.add(new Named(file, slashes(path.relativize(file))));
        }
      } else if (Files.isRegularFile(path)) {
        Path named = path.normalize();
        found.add(
            new Named(
                path, slashes(named.isAbsolute() ? named.getRoot().relativize(named) : named)));
      } else {
        throw new StartException(
            "images: '%s' does not exist (expected: a file or a directory)".formatted(path));
      }
    }
    return found;
  }

  /// The files below a directory that are named like images, by path.
  public static List<Path> below(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !isHidden(directory.relativize(file)))
          .filter(file ->
              EXTENSION.matcher(file.getFileName().toString().toLowerCase(Locale.ROOT)).matches())
          .sorted()
          .toList();
    }
  }

  private static boolean isHidden(Path path) {
    for (Path part : path) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private static String slashes(Path path) {
    return path.toString().replace(File.separatorChar, '/');
  }
}
