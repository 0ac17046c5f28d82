package dev.mekiki.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @TempDir Path parent;

  @Test
  void aMissingDirectoryIsCreatedAndLocked() throws Exception {
    Path directory = parent.resolve("a/b");
    try (DirectoryLock lock = acquire(directory)) {
      assertThat(lock.directory()).isDirectory().isEqualTo(directory);
    }
  }

  @Test
  void aLockedDirectoryIsRefusedNamingItAndTheRemedy() throws Exception {
    try (DirectoryLock _ = acquire(parent)) {
      assertThatThrownBy(() -> acquire(parent))
          .isInstanceOf(DirectoryLockException.class)
          .hasMessage(
              "sample directory: '%s' is in use by another process (expected: a directory of its own;"
                  + " set mekiki.sample.dir)",
              parent);
    }
  }

  @Test
  void aReleasedDirectoryCanBeLockedAgain() throws Exception {
    DirectoryLock first = acquire(parent);
    first.close();
    first.close();
    try (DirectoryLock second = acquire(parent)) {
      assertThat(second.directory()).isEqualTo(parent);
    }
  }

  /// A refusal must not hold the channel that it opened: its lock file would stay open for the life
  /// of the process.
  @Test
  void aRefusalLeavesNothingOpen() throws Exception {
    try (DirectoryLock _ = acquire(parent)) {
      long before = openLockFiles();
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> acquire(parent)).isInstanceOf(DirectoryLockException.class);
      }
      assertThat(openLockFiles()).isEqualTo(before);
    }
  }

  @Test
  void aPlaceThatCannotBeADirectoryIsRefused() throws Exception {
    Path file = Files.writeString(parent.resolve("file"), "");
    assertThatThrownBy(() -> acquire(file))
        .isInstanceOf(DirectoryLockException.class)
        .hasMessageContaining("sample directory: '%s' cannot be written", file)
        .hasMessageContaining("expected: a directory that this user may write to");
  }

  private static DirectoryLock acquire(Path directory) throws DirectoryLockException {
    return DirectoryLock.acquire(directory, "sample directory", "set mekiki.sample.dir");
  }

  private long openLockFiles() throws IOException {
    Path lock = parent.resolve("mekiki.lock").toRealPath();
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(descriptor -> isLinkTo(descriptor, lock)).count();
    }
  }

  private static boolean isLinkTo(Path descriptor, Path target) {
    try {
      return Files.readSymbolicLink(descriptor).equals(target);
    } catch (IOException e) {
      return false;
    }
  }
}
