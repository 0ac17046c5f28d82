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
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

  private final @Nullable DirectoryLock lock;
  private final Path application;
  private final Path signOfLife;
  private final InstantSource clock;

  private StateDirectory(
      @Nullable DirectoryLock lock, Path application, Path signOfLife, InstantSource clock) {
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
    return open(lock(directory), directory, applicationId, deleteRetention, clock);
  }

  /// The state of another application in a directory that this process has locked.
  ///
  /// @param locked this is closed before it
  /// @param deleteRetention as above
  /// @throws StartException where the directory cannot be written
  public static StateDirectory beside(
      StateDirectory locked, String applicationId, Duration deleteRetention, InstantSource clock) {
    return open(null, locked.directory(), applicationId, deleteRetention, clock);
  }

  private static StateDirectory open(
      @Nullable DirectoryLock lock,
      Path directory,
      String applicationId,
      Duration deleteRetention,
      InstantSource clock) {
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
      unlock(lock);
      throw new StartException(
          "state directory: '%s': %s (expected: a directory that this user may write to)"
              .formatted(directory, e.getMessage()),
          e);
    } catch (RuntimeException | Error e) {
      unlock(lock);
      throw e;
    }
  }

  private static void unlock(@Nullable DirectoryLock lock) {
    if (lock != null) {
      lock.close();
    }
  }

  /// The directory that is locked.
  private Path directory() {
    return Objects.requireNonNull(application.getParent());
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

  /// Deletes the state of applications that nobody needs any more.
  ///
  /// @param names says of each name in the directory whether it is that of such an application, or
  ///   of its sign of life
  /// @return what was deleted
  /// @throws UncheckedIOException where something cannot be deleted
  public List<String> deleteAll(Predicate<String> names) {
    try (Stream<Path> all = Files.list(directory())) {
      List<Path> unneeded =
          all.filter(path -> names.test(path.getFileName().toString())).sorted().toList();
      for (Path path : unneeded) {
        DirectoryTree.delete(path);
      }
      return unneeded.stream().map(path -> path.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  /// Unlocks the directory, if this has locked it.
  @Override
  public void close() {
    unlock(lock);
  }
}
