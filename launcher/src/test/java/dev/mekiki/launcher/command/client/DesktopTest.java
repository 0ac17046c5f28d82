package dev.mekiki.launcher.command.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A page is opened by the program of the desktop, and by nothing where there is none.
class DesktopTest {
  @TempDir private Path directory;

  private Path opener(String name) throws IOException {
    Path opened = directory.resolve("opened");
    Path program =
        Files.writeString(
            directory.resolve(name), "#!/bin/sh\nprintf '%s' \"$1\" > " + opened + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return opened;
  }

  @Test
  void pageIsOpenedByTheDesktop() throws Exception {
    Path opened = opener("xdg-open");
    Desktop desktop =
        new Desktop(Map.of("DISPLAY", ":0", "PATH", "/nowhere::" + directory), "Linux");

    assertThat(desktop.open("http://x/?a=b&c")).isTrue();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Files.exists(opened) && Files.size(opened) > 0);
    assertThat(opened).hasContent("http://x/?a=b&c");
  }

  @Test
  void withoutADesktopNothingIsStarted() throws Exception {
    opener("xdg-open");

    assertThat(new Desktop(Map.of("PATH", directory.toString()), "Linux").open("http://x"))
        .isFalse();
    assertThat(new Desktop(Map.of("WAYLAND_DISPLAY", "0", "PATH", "/nowhere"), "Linux").open("x"))
        .isFalse();
    assertThat(new Desktop(Map.of("PATH", directory.toString()), "Mac OS X").open("x")).isFalse();
  }
}
