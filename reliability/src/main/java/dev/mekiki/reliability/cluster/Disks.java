package dev.mekiki.reliability.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The disks of a cluster, each of one process, in memory. Thread-safe.
final class Disks implements AutoCloseable {
  private static final int BROKER_MEGABYTES = 1024;
  private static final int INDEX_MEGABYTES = 256;
  private static final int ALL_MEGABYTES = 3 * BROKER_MEGABYTES + 3 * INDEX_MEGABYTES + 64;

  private final Path memory;
  private final Map<String, Disk> disks = new HashMap<>();
  private boolean inUse;

  /// @param memory where memory is mounted for what is on the disks
  Disks(Path memory) {
    this.memory = memory;
  }

  /// Mounts one for a process.
  ///
  /// @param name of the process
  /// @throws IOException where it cannot be mounted
  synchronized void mount(String name, Role role, Path directory) throws IOException {
    if (!inUse) {
      Disk.mountMemory(memory, ALL_MEGABYTES);
      inUse = true;
    }
    int megabytes = role == Role.BROKER ? BROKER_MEGABYTES : INDEX_MEGABYTES;
    disks.put(name, Disk.mount(memory.resolve(name), directory, megabytes));
  }

  /// That of a process.
  ///
  /// @throws IllegalStateException where it has none of its own
  synchronized Disk of(Node node) {
    Disk disk = disks.get(node.name());
    if (disk == null) {
      throw new IllegalStateException(node + ": no disk of its own (expected: Means.DISKS)");
    }
    return disk;
  }

  /// Copies all that is on them: it is gone once they are unmounted.
  ///
  /// @param to created where there are disks
  synchronized void copyTo(Path to) throws IOException {
    if (inUse) {
      Files.createDirectories(to);
    }
    for (Map.Entry<String, Disk> disk : disks.entrySet()) {
      disk.getValue().copyTo(to.resolve(disk.getKey()));
    }
  }

  /// Unmounts all.
  @Override
  public synchronized void close() {
    try {
      for (Disk disk : disks.values()) {
        disk.close();
      }
      if (inUse) {
        Disk.unmount(memory);
      }
    } catch (IOException e) {
      System.err.println("a disk stays mounted: " + e.getMessage());
    }
    disks.clear();
    inUse = false;
  }
}
