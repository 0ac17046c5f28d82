package dev.mekiki.launcher.allinone;

import dev.mekiki.files.DirectoryLock;
import dev.mekiki.files.DirectoryLockException;
import dev.mekiki.runtime.StartException;
import java.nio.file.Path;

/// The directory that one all-in-one process keeps its state in, locked until closed: the embedded
/// broker's topics in `broker`, the index instance's state stores in `index`.
final class DataDirectory implements AutoCloseable {
  private final DirectoryLock lock;

  private DataDirectory(DirectoryLock lock) {
    this.lock = lock;
  }

  /// Takes the directory, which is created where it is missing.
  ///
  /// @throws StartException where another process has it or it cannot be written
  static DataDirectory take(Path path) {
    try {
      return new DataDirectory(
          DirectoryLock.acquire(
              path,
              "data directory",
              "stop the other mekiki, or name another directory with --data"));
    } catch (DirectoryLockException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  Path broker() {
    return lock.directory().resolve("broker");
  }

  Path index() {
    return lock.directory().resolve("index");
  }

  @Override
  public void close() {
    lock.close();
  }
}
