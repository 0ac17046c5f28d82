package dev.mekiki.reliability.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The clock of one process, by `libfaketime`: a file says by how much it is off, and the process
/// looks at it every second. Clocks that only measure how much time has passed are left alone, as a
/// real clock that is set leaves them.
public final class Clock {
  /// The library by which a process reads it.
  public static final String LIBRARY = "libfaketime";

  private static final List<Path> LIBRARIES =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"));

  private final Path file;

  private Clock(Path file) {
    this.file = file;
  }

  /// A clock that is right.
  ///
  /// @param file says by how much it is off
  static Clock at(Path file) throws IOException {
    Clock clock = new Clock(file);
    clock.set(Duration.ZERO);
    return clock;
  }

  /// What a process is started with.
  ///
  /// @throws IOException where `libfaketime` is not installed
  Map<String, String> environment() throws IOException {
    Path library =
        LIBRARIES.stream()
            .filter(Files::exists)
            .findFirst()
            .orElseThrow(() ->
                new IOException(
                    "none of %s is there (expected: the Debian package libfaketime)"
                        .formatted(LIBRARIES)));
    return Map.of(
        "LD_PRELOAD",
        library.toString(),
        "FAKETIME_TIMESTAMP_FILE",
        file.toString(),
        "FAKETIME_CACHE_DURATION",
        "1",
        "FAKETIME_DONT_FAKE_MONOTONIC",
        "1",
        // With it waits of a JVM end at once.
        "FAKETIME_FORCE_MONOTONIC_FIX",
        "0");
  }

  /// Sets it off.
  ///
  /// @param off by how much it is ahead; negative where it is behind
  public void set(Duration off) throws IOException {
    // The process must never read half of it.
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(next, "%+d%n".formatted(off.toSeconds()));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
