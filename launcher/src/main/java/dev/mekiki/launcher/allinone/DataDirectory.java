package dev.mekiki.launcher.allinone;

import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The directory that one all-in-one process keeps its state in, locked until closed: the embedded
/// broker's topics in `broker`, the index instance's state stores in `index`. The operating system
/// releases the lock however the process dies.
final class DataDirectory implements AutoCloseable {
  private final Path path;
  private final FileChannel lock;

  private DataDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /// Takes the directory, which is created where it is missing.
  ///
  /// @throws StartException where another process has it or it cannot be written
  static DataDirectory take(Path path) {
    FileChannel channel;
    boolean locked;
    try {
      Files.createDirectories(path);
      channel =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      locked = isLocked(channel);
      if (!locked) {
        channel.close();
      }
    } catch (IOException e) {
      throw new StartException(
          "data directory: '%s' cannot be written: %s (expected: a directory of your own)"
              .formatted(path, e),
          e);
    }
    if (!locked) {
      throw new StartException(
          "data directory: '%s' is in use by another mekiki (remedy: stop that one, or name another directory with --data)"
              .formatted(path));
    }
    return new DataDirectory(path, channel);
  }

  Path broker() {
    return path.resolve("broker");
  }

  Path index() {
    return path.resolve("index");
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // The lock belongs to the channel: closing that releases it, so the lock itself is not kept.
  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }
}
