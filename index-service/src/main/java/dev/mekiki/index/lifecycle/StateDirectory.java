package dev.mekiki.index.lifecycle;

import dev.mekiki.files.DirectoryLock;
import dev.mekiki.files.DirectoryLockException;
import dev.mekiki.files.DirectoryTree;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An instance's directory of state, locked for this process until it is closed.
///
/// It also knows how old the state is. Topics forget a tombstone some time after it was written;
/// state that has not read along for so long would keep what was deleted meanwhile. So a running
/// instance leaves a sign of life in the directory, and state without a recent one is wiped before
/// it is used.
public final class StateDirectory implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StateDirectory.class);

  private final DirectoryLock lock;
  private final Path application;
  private final Path signOfLife;
  private final InstantSource clock;

  private StateDirectory(
      DirectoryLock lock, Path application, Path signOfLife, InstantSource clock) {
    this.lock = lock;
    this.application = application;
    this.signOfLife = signOfLife;
    this.clock = clock;
  }

  /// Locks the directory and wipes the application's state in it where it is too old.
  ///
  /// @param directory created where it is missing
  /// @param applicationId names the state within it
  /// @param deleteRetention how long the topics keep tombstones; state is used for half of it, the
  ///   other half is left for reading what it missed
  /// @throws StartException where another process uses the directory, or it cannot be written
  public static StateDirectory open(
      Path directory, String applicationId, Duration deleteRetention, InstantSource clock) {
    DirectoryLock lock = lock(directory);
    try {
      StateDirectory opened =
          new StateDirectory(
              lock,
              directory.resolve(applicationId),
              directory.resolve(applicationId + ".alive"),
              clock);
      opened.wipeOlderThan(clock.instant().minus(deleteRetention.dividedBy(2)));
      opened.leaveSignOfLife();
      return opened;
    } catch (IOException e) {
      lock.close();
      throw new StartException(
          "state directory: '%s': %s (expected: a directory that this user may write to)"
              .formatted(directory, e.getMessage()),
          e);
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  private static DirectoryLock lock(Path directory) {
    try {
      return DirectoryLock.acquire(directory, "state directory", "set mekiki.index.state-dir");
    } catch (DirectoryLockException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private void wipeOlderThan(Instant limit) throws IOException {
    if (!Files.exists(application)) {
      return;
    }
    boolean known = Files.exists(signOfLife);
    if (known && Files.getLastModifiedTime(signOfLife).toInstant().isAfter(limit)) {
      return;
    }
    log.warn(
        "State is too old to have seen every delete and is read again from the topics dir={}"
            + " lastAlive={}",
        application,
        known ? Files.getLastModifiedTime(signOfLife) : "unknown");
    DirectoryTree.delete(application);
  }

  /// Leaves a sign of life: the state has read along until now.
  ///
  /// @throws UncheckedIOException where the directory cannot be written
  public void touch() {
    try {
      leaveSignOfLife();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void leaveSignOfLife() throws IOException {
    if (!Files.exists(signOfLife)) {
      Files.createFile(signOfLife);
    }
    Files.setLastModifiedTime(signOfLife, FileTime.from(clock.instant()));
  }

  /// Unlocks the directory.
  @Override
  public void close() {
    lock.close();
  }
}
