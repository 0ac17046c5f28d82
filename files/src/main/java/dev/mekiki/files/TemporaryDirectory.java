package dev.mekiki.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A directory that is deleted with all that is in it when closed.
///
/// @param path where it lies
public record TemporaryDirectory(Path path) implements AutoCloseable {
  /// A new one in the system's directory for such.
  ///
  /// @param prefix its name begins so
  public static TemporaryDirectory create(String prefix) throws IOException {
    return new TemporaryDirectory(Files.createTempDirectory(prefix));
  }

  /// A new one in another directory, to choose its disk.
  ///
  /// @param parent created where it is missing; null for the system's directory for such
  /// @param prefix its name begins so
  public static TemporaryDirectory create(@Nullable Path parent, String prefix) throws IOException {
    return parent == null
        ? create(prefix)
        : new TemporaryDirectory(
            Files.createTempDirectory(Files.createDirectories(parent), prefix));
  }

  @Override
  public void close() throws IOException {
    DirectoryTree.delete(path);
  }
}
