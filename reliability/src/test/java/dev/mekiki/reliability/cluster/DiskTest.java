package dev.mekiki.reliability.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// For root alone, where disks can be mounted.
class DiskTest {
  @TempDir private Path directory;

  @Test
  void aDiskIsFullAndStalls() throws Exception {
    Path at = directory.resolve("disk");
    try (Disk disk = mounted(directory.resolve("file"), at)) {
      assertThat(disk.fill()).isGreaterThan(1 << 20);
      assertThatThrownBy(() -> Files.write(at.resolve("more"), new byte[1 << 20]))
          .isInstanceOf(IOException.class);

      disk.clear();
      Files.write(at.resolve("more"), new byte[1 << 20]);

      assertThat(disk.stall(Duration.ofMillis(400))).isGreaterThan(Duration.ofMillis(200));
    }
    assertThat(at.resolve("more")).doesNotExist();
  }

  private static Disk mounted(Path file, Path at) throws IOException {
    try {
      return Disk.mount(file, at, 16);
    } catch (IOException e) {
      assumeThat(false).as(e.getMessage()).isTrue();
      throw e;
    }
  }
}
