package dev.mekiki.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryDirectoryTest {
  @TempDir Path parent;

  @Test
  void isDeletedWithWhatItHolds() throws IOException {
    Path path;
    try (TemporaryDirectory directory =
        TemporaryDirectory.create(parent.resolve("made"), "prefix-")) {
      path = directory.path();
      assertThat(path.getFileName().toString()).startsWith("prefix-");
      Files.createDirectories(path.resolve("a/b"));
      Files.writeString(path.resolve("a/b/file"), "x");
    }

    assertThat(path).doesNotExist();
    assertThat(path.getParent()).isEmptyDirectory();
  }

  @Test
  void whatALinkNamesStays() throws IOException {
    Path other = Files.createDirectory(parent.resolve("other"));
    Files.writeString(other.resolve("kept"), "x");

    try (TemporaryDirectory directory = TemporaryDirectory.create(parent, "prefix-")) {
      Files.createSymbolicLink(directory.path().resolve("link"), other);
    }

    assertThat(other.resolve("kept")).exists();
  }

  @Test
  void closingTwiceIsNoError() throws IOException {
    TemporaryDirectory directory = TemporaryDirectory.create("prefix-");
    directory.close();
    directory.close();

    assertThat(directory.path()).doesNotExist();
  }
}
