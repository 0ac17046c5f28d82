package dev.mekiki.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The right to use a data directory, held until closed. Taken before anything in it is read: two
/// brokers on one directory would destroy each other's logs. The operating system releases it when
/// the process dies, however it dies.
final class DirectoryLock implements AutoCloseable {
  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /// @throws BrokerStartException where another broker holds the directory or it cannot be written
  static DirectoryLock acquire(Path directory) {
    FileChannel channel = null;
    try {
      Files.createDirectories(directory);
      channel =
          FileChannel.open(
              directory.resolve("mekiki.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new BrokerStartException(
            ("data directory: '%s' is in use by another broker (expected: a directory of its own;"
                    + " stop the other one or choose another directory)")
                .formatted(directory));
      }
      return new DirectoryLock(channel);
    } catch (IOException e) {
      closeQuietly(channel, e);
      throw new BrokerStartException(
          "data directory: '%s' cannot be written: %s (expected: a directory this user may write)"
              .formatted(directory, e),
          e);
    }
  }

  // The lock belongs to the channel: closing that releases it, so the lock itself is not kept.
  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static void closeQuietly(@Nullable FileChannel channel, IOException reason) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        reason.addSuppressed(e);
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
