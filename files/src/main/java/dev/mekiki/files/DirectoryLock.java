package dev.mekiki.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The right to use a directory, held by one process at a time until it is closed. The operating
/// system releases it when the process dies, however it dies. Thread-safe.
public final class DirectoryLock implements AutoCloseable {
  private static final String FILE = "mekiki.lock";

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /// Locks a directory, which is created where it is missing.
  ///
  /// @param name what the directory is for, such as `data directory`; starts the messages
  /// @param remedy what to do where another process holds it
  /// @throws DirectoryLockException where another process, or this one, holds the directory, or it
  ///   cannot be written; nothing stays open then
  public static DirectoryLock acquire(Path directory, String name, String remedy)
      throws DirectoryLockException {
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(
              directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      boolean locked = false;
      try {
        locked = isLocked(channel);
      } finally {
        if (!locked) {
          channel.close();
        }
      }
      if (locked) {
        return new DirectoryLock(directory, channel);
      }
    } catch (IOException e) {
      throw new DirectoryLockException(
          "%s: '%s' cannot be written: %s (expected: a directory that this user may write to)"
              .formatted(name, directory, e),
          e);
    }
    throw new DirectoryLockException(
        "%s: '%s' is in use by another process (expected: a directory of its own; %s)"
            .formatted(name, directory, remedy));
  }

  /// The directory that is locked.
  public Path directory() {
    return directory;
  }

  /// Releases the directory. A second call does nothing.
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // The lock belongs to the channel: closing that releases it, so the lock itself is not kept.
  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }
}
