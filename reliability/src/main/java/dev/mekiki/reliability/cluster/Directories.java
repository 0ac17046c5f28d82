package dev.mekiki.reliability.cluster;

import dev.mekiki.files.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Copies directories of a run, and clears one that has ended.
public final class Directories {
  private static final List<String> KEPT =
      List.of("logs", "journal.tsv", "report.md", "timeline.svg");

  private Directories() {}

  /// Copies a directory with all that it holds.
  ///
  /// @param to replaced where it exists
  public static void copy(Path from, Path to) throws IOException {
    DirectoryTree.delete(to);
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  /// Deletes topics and state of a run, and keeps its logs and its report.
  public static void deleteData(Path run) throws IOException {
    try (Stream<Path> all = Files.list(run)) {
      for (Path path : all.toList()) {
        if (!KEPT.contains(path.getFileName().toString())) {
          DirectoryTree.delete(path);
        }
      }
    }
  }
}
