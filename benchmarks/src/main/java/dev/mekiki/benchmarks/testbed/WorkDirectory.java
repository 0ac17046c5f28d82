package dev.mekiki.benchmarks.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A directory that is deleted with all that is in it when closed.
///
/// @param path where it lies
public record WorkDirectory(Path path) implements AutoCloseable {
  /// A new one.
  ///
  /// @param parent where it is to lie, so that the disk measured is the one meant; null for the
  ///   system's directory for such
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
