package dev.mekiki.index.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
  private static final String APPLICATION = "mekiki.index-1";
  private static final Duration RETENTION = Duration.ofDays(7);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve(APPLICATION).resolve("1_0").resolve("data");
  }

  @Test
  void stateIsKeptWhileItHasSeenEveryDelete() throws IOException {
    run(START, START);

    open(START.plus(Duration.ofDays(3))).close();

    assertThat(file).exists();
  }

  @Test
  void stateIsWipedAfterHalfOfTheTimeThatTombstonesAreKept() throws IOException {
    run(START, START);

    open(START.plus(Duration.ofDays(4))).close();

    assertThat(directory.resolve(APPLICATION)).doesNotExist();
  }

  @Test
  void signOfLifeKeepsStateOfALongRunningInstance() throws IOException {
    run(START, START.plus(Duration.ofDays(30)));

    open(START.plus(Duration.ofDays(33))).close();

    assertThat(file).exists();
  }

  @Test
  void stateOfUnknownAgeIsWiped() throws IOException {
    leaveState();

    open(START).close();

    assertThat(directory.resolve(APPLICATION)).doesNotExist();
  }

  @Test
  void directoryInUseIsRefusedUntilItIsClosed() {
    try (StateDirectory used = open(START)) {
      used.touch();
      assertThatThrownBy(() -> open(START))
          .isInstanceOf(StartException.class)
          .hasMessage(
              "state directory: '%s' is in use by another process (expected: a directory of"
                      .formatted(directory)
                  + " its own; set mekiki.index.state-dir)");
    }
    open(START).close();
  }

  @Test
  void placeThatIsNoDirectoryIsRefused() throws IOException {
    Path occupied = Files.writeString(directory.resolve("file"), "");

    assertThatThrownBy(
            () -> StateDirectory.open(occupied, APPLICATION, RETENTION, InstantSource.fixed(START)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("expected: a directory that this user may write to");
  }

  @Test
  void failedStartReleasesTheDirectory() throws IOException {
    // A link to nowhere: the sign of life cannot be left.
    Path signOfLife = directory.resolve(APPLICATION + ".alive");
    Files.createSymbolicLink(signOfLife, directory.resolve("nowhere/file"));
    assertThatThrownBy(() -> open(START))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("expected: a directory that this user may write to");

    Files.delete(signOfLife);
    open(START).close();
  }

  /// An instance that runs from one time to another and leaves state.
  private void run(Instant from, Instant to) throws IOException {
    AtomicReference<Instant> now = new AtomicReference<>(from);
    try (StateDirectory running =
        StateDirectory.open(directory, APPLICATION, RETENTION, now::get)) {
      leaveState();
      now.set(to);
      running.touch();
    }
  }

  private void leaveState() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "state");
  }

  private StateDirectory open(Instant time) {
    return StateDirectory.open(directory, APPLICATION, RETENTION, InstantSource.fixed(time));
  }
}
