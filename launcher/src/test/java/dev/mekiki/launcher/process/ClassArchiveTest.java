package dev.mekiki.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
  @TempDir private Path directory;

  @Test
  void processThatWasNeverReadyLeavesNone() throws Exception {
    try (ClassArchive archive = new ClassArchive(directory.resolve("up.jsa"))) {
      assertThat(archive).isNotNull();
    }
    assertThat(directory).isEmptyDirectory();
  }

  /// As the JVM of the tests, which was not started with `-XX:+RecordDynamicDumpInfo`.
  @Test
  void jvmThatCannotWriteOneEndsLikeAnyOther() throws Exception {
    try (ClassArchive archive = new ClassArchive(directory.resolve("up.jsa"))) {
      archive.wasReady();
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void processThatWasNotAskedForOneHasNothingToDo() throws Exception {
    try (ClassArchive archive = ClassArchive.ofThisProcess()) {
      archive.wasReady();
    }
  }
}
