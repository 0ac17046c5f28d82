package dev.mekiki.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadedFileTest {
  @TempDir private Path directory;

  private long changes;

  @Test
  void aFileThatCannotBeUsedLeavesWhatItSaidBefore() throws IOException {
    Path path = write("1");
    ReloadedFile<Integer> file = ReloadedFile.open("some.key", path, ReloadedFileTest::number);
    assertThat(file.content()).isEqualTo(1);
    assertThat(file.isStale()).isFalse();

    write("2");
    assertThat(file.content()).isEqualTo(2);

    write("two");
    assertThat(file.content()).isEqualTo(2);
    assertThat(file.isStale()).isTrue();

    write("3");
    assertThat(file.content()).isEqualTo(3);
    assertThat(file.isStale()).isFalse();
  }

  @Test
  void aFileThatGoesAndComesBackUnchangedIsUsedAgain() throws IOException {
    Path path = write("1");
    FileTime modified = Files.getLastModifiedTime(path);
    ReloadedFile<Integer> file = ReloadedFile.open("some.key", path, ReloadedFileTest::number);

    Files.delete(path);
    assertThat(file.content()).isEqualTo(1);
    assertThat(file.isStale()).isTrue();

    Files.writeString(path, "4");
    Files.setLastModifiedTime(path, modified);
    assertThat(file.content()).isEqualTo(4);
    assertThat(file.isStale()).isFalse();
  }

  @Test
  void atTheStartAFileThatCannotBeUsedIsRefused() throws IOException {
    Path path = write("one");
    assertThatThrownBy(() -> ReloadedFile.open("some.key", path, ReloadedFileTest::number))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("some.key: '%s' cannot be used", path);
  }

  private Path write(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("file"), text);
    // Changes may follow one another faster than the clock of the file system ticks.
    return Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000L + ++changes * 1000));
  }

  private static int number(Path file) throws IOException {
    return Integer.parseInt(Files.readString(file));
  }
}
