package dev.mekiki.launcher.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.launcher.doctor.Finding.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where findings about a machine and a clock change from one level to the next.
class HostChecksTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  @TempDir private Path directory;

  private static Finding finding(Host host, String check) {
    return HostChecks.of(host).stream()
        .filter(finding -> finding.check().equals(check))
        .findFirst()
        .orElseThrow();
  }

  private Host host(long available, OptionalLong files, String type, long state, long free) {
    return new Host(64 * GIB, available, files, directory, type, state, free);
  }

  @ParameterizedTest
  @CsvSource({"2048, OK", "2047, WARN", "512, WARN", "511, FAIL"})
  void memory(long mebibytes, Level level) {
    Finding memory =
        finding(host(mebibytes * MIB, OptionalLong.empty(), "ext4", 0, 99 * GIB), "memory");

    assertThat(memory.level()).isEqualTo(level);
    assertThat(memory.message()).contains("of 64.0 GiB are available");
    assertThat(memory.remedy().isEmpty()).isEqualTo(level == Level.OK);
  }

  @ParameterizedTest
  @CsvSource({"65536, OK", "65535, WARN", "4096, WARN", "4095, FAIL"})
  void openFiles(long limit, Level level) {
    Finding files =
        finding(host(8 * GIB, OptionalLong.of(limit), "ext4", 0, 99 * GIB), "open files");

    assertThat(files.level()).isEqualTo(level);
    if (level != Level.OK) {
      assertThat(files.remedy()).contains("ulimit -n 65536");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ext4, 0, 10240, OK",
    "ext4, 0, 10239, WARN",
    "ext4, 20480, 20479, WARN",
    "ext4, 20480, 20480, OK",
    "ext4, 0, 1023, FAIL",
    "tmpfs, 0, 99999, WARN"
  })
  void disk(String type, long state, long free, Level level) {
    Finding disk =
        finding(host(64 * GIB, OptionalLong.empty(), type, state * MIB, free * MIB), "disk");

    assertThat(disk.level()).isEqualTo(level);
    assertThat(disk.message()).contains(directory.toString());
  }

  @Test
  void stateThatDoesNotFitIntoMemoryIsNamed() {
    Host fits = host(8 * GIB, OptionalLong.empty(), "ext4", 8 * GIB, 99 * GIB);
    Host doesNot = host(8 * GIB, OptionalLong.empty(), "ext4", 8 * GIB + 1, 99 * GIB);

    assertThat(finding(fits, "page cache").level()).isEqualTo(Level.OK);
    assertThat(finding(doesNot, "page cache").level()).isEqualTo(Level.WARN);
  }

  @ParameterizedTest
  @CsvSource({"1000, OK", "-1000, OK", "1001, WARN", "-60000, WARN", "60001, FAIL"})
  void clock(long offset, Level level) {
    Finding clock = KafkaChecks.clock(Duration.ofMillis(offset));

    assertThat(clock.level()).isEqualTo(level);
    assertThat(clock.message()).contains(offset < 0 ? "behind" : "ahead of");
  }

  @Test
  void thisMachineIsMeasured() throws Exception {
    Files.write(directory.resolve("state"), new byte[5_000]);

    Host here = Host.measure(directory);
    assertThat(here.memory()).isGreaterThan(256 * MIB);
    assertThat(here.available()).isPositive().isLessThanOrEqualTo(here.memory());
    assertThat(here.stateBytes()).isGreaterThanOrEqualTo(5_000);
    assertThat(here.free()).isPositive();
    // What is not there yet is on the disk of its parent.
    assertThat(Host.measure(directory.resolve("not/there")).free()).isPositive();
  }
}
