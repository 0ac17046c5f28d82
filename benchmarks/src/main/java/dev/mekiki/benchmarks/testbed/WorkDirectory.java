package dev.mekiki.benchmarks.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A directory that is deleted with its content when closed.
///
/// @param path of the directory
public record WorkDirectory(Path path) implements AutoCloseable {
  /// Creates a directory.
  ///
  /// @param parent where to create it, to choose the disk that is measured; null for the system's
  ///   temporary directory
  public static WorkDirectory create(@Nullable Path parent) throws IOException {
    String prefix = "mekiki-bench-";
    return new WorkDirectory(
        parent == null
            ? Files.createTempDirectory(prefix)
            : Files.createTempDirectory(Files.createDirectories(parent), prefix));
  }

  @Override
  public void close() throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(path)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      Files.deleteIfExists(each);
    }
  }
}
