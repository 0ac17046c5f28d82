package dev.mekiki.launcher.doctor;

import java.util.ArrayList;
import java.util.List;

/// The machine: memory, open files, disk, and whether the system can keep the state of the index in
/// memory.
final class HostChecks {
  private static final String MEMORY = "memory";
  private static final String FILES = "open files";
  private static final String DISK = "disk";
  private static final String PAGE_CACHE = "page cache";

  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  /// A broker or an index instance with RocksDB opens some thousand.
  private static final long FEWEST_FILES = 4_096;

  private static final long ENOUGH_FILES = 65_536;

  private HostChecks() {}

  static List<Finding> of(Host host) {
    List<Finding> findings = new ArrayList<>();
    findings.add(memory(host));
    findings.add(files(host));
    findings.add(disk(host));
    findings.add(pageCache(host));
    return findings;
  }

  private static Finding memory(Host host) {
    String message =
        "%s of %s are available".formatted(size(host.available()), size(host.memory()));
    String remedy =
        "end other programs, or take a machine or a limit of the container with more memory";
    if (host.available() < 512 * MIB) {
      return Finding.fail(MEMORY, message, remedy);
    }
    return host.available() < 2 * GIB
        ? Finding.warn(MEMORY, message, remedy)
        : Finding.ok(MEMORY, message);
  }

  private static Finding files(Host host) {
    if (host.openFiles().isEmpty()) {
      return Finding.ok(FILES, "this system has no such limit");
    }
    long limit = host.openFiles().getAsLong();
    String message = "a process may have %,d open".formatted(limit);
    String remedy = "`ulimit -n %d`, or LimitNOFILE= of its systemd unit".formatted(ENOUGH_FILES);
    if (limit < FEWEST_FILES) {
      return Finding.fail(FILES, message, remedy);
    }
    return limit < ENOUGH_FILES ? Finding.warn(FILES, message, remedy) : Finding.ok(FILES, message);
  }

  private static Finding disk(Host host) {
    String message =
        "%s holds %s, %s are free on %s"
            .formatted(
                host.state(), size(host.stateBytes()), size(host.free()), host.stateFileSystem());
    String remedy = "free space there, or name another place by mekiki.index.state-dir";
    if (host.free() < GIB) {
      return Finding.fail(DISK, message, remedy);
    }
    if (host.stateFileSystem().equals("tmpfs") || host.stateFileSystem().equals("ramfs")) {
      return Finding.warn(
          DISK,
          message + ", which is memory and is empty after a start of the machine",
          "name a place on a disk by mekiki.index.state-dir");
    }
    // Compaction of RocksDB writes a store anew beside the old one.
    return host.free() < Math.max(10 * GIB, host.stateBytes())
        ? Finding.warn(DISK, message, remedy)
        : Finding.ok(DISK, message);
  }

  private static Finding pageCache(Host host) {
    String message =
        "%s of state, %s of memory that can hold it"
            .formatted(size(host.stateBytes()), size(host.available()));
    return host.stateBytes() > host.available()
        ? Finding.warn(
            PAGE_CACHE,
            message,
            "more memory, or more machines with index instances: else lookups wait for the disk")
        : Finding.ok(PAGE_CACHE, message);
  }

  private static String size(long bytes) {
    return bytes >= GIB
        ? "%.1f GiB".formatted((double) bytes / GIB)
        : "%d MiB".formatted(bytes / MIB);
  }
}
