package dev.mekiki.launcher.doctor;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the machine, or the container, gives to services.
///
/// @param memory bytes that there are
/// @param available bytes of it that programs can still have, what is cached of files included
/// @param openFiles most files that a process may have open; empty where there is no limit of that
///   kind
/// @param state where the index keeps its state
/// @param stateFileSystem the type of the file system there, such as `ext4`
/// @param stateBytes how much it holds
/// @param free bytes that may still be written there
record Host(
    long memory,
    long available,
    OptionalLong openFiles,
    Path state,
    String stateFileSystem,
    long stateBytes,
    long free) {
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+(\\d{1,15}) kB$");

  /// @param state where the index keeps its state; what is not there yet counts as its nearest
  ///   parent
  static Host measure(Path state) throws IOException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long memory = system.getTotalMemorySize();
    Path present = state.toAbsolutePath().normalize();
    while (!Files.exists(present)) {
      present = Optional.ofNullable(present.getParent()).orElseThrow();
    }
    FileStore store = Files.getFileStore(present);
    return new Host(
        memory,
        Math.min(memory, readAvailable().orElse(system.getFreeMemorySize())),
        system instanceof UnixOperatingSystemMXBean unix
            ? OptionalLong.of(unix.getMaxFileDescriptorCount())
            : OptionalLong.empty(),
        state.toAbsolutePath().normalize(),
        store.type(),
        Files.exists(state) ? size(state) : 0,
        store.getUsableSpace());
  }

  private static OptionalLong readAvailable() throws IOException {
    if (!Files.isReadable(MEMORY)) {
      return OptionalLong.empty();
    }
    Matcher line = AVAILABLE.matcher(Files.readString(MEMORY));
    return line.find()
        ? OptionalLong.of(Long.parseLong(line.group(1)) * 1024)
        : OptionalLong.empty();
  }

  /// Of all files; those that go meanwhile count nothing.
  private static long size(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
