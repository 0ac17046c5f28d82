package dev.mekiki.reliability.cluster;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Deletes and copies directories with all that is in them.
public final class Directories {
  private static final List<String> KEPT =
      List.of("logs", "journal.tsv", "report.md", "timeline.svg");

  private Directories() {}

  /// A directory that is missing is no error.
  public static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /// Copies a directory with all that it holds.
  ///
  /// @param to replaced where it exists
  public static void copy(Path from, Path to) throws IOException {
    delete(to);
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
          delete(path);
        }
      }
    }
  }
}
