package dev.mekiki.reliability.cluster;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// A disk of its own for one process: a file that is mounted, which only root may do. It can be
/// filled and cleared again, and made to stall.
public final class Disk implements AutoCloseable {
  private static final int BLOCK = 1 << 20;
  private static final String FILL = "fill";
  private static final String TRIAL = "trial";
  private static final Duration BEFORE_TRIAL = Duration.ofMillis(50);

  private final Path directory;

  private Disk(Path directory) {
    this.directory = directory;
  }

  /// Mounts one.
  ///
  /// @param file holds what is on it; created
  /// @param directory where it is mounted; created if it is missing
  /// @param megabytes that it holds
  /// @throws IOException where it cannot be mounted
  static Disk mount(Path file, Path directory, int megabytes) throws IOException {
    Files.createDirectories(directory);
    try (RandomAccessFile empty = new RandomAccessFile(file.toFile(), "rw")) {
      empty.setLength((long) megabytes << 20);
    }
    run(List.of("mkfs.ext4", "-q", "-m", "0", file.toString()));
    run(List.of("mount", "-o", "loop", file.toString(), directory.toString()));
    return new Disk(directory);
  }

  /// Mounts memory.
  ///
  /// @param directory created if it is missing
  static void mountMemory(Path directory, int megabytes) throws IOException {
    Files.createDirectories(directory);
    run(
        List.of(
            "mount",
            "-t",
            "tmpfs",
            "-o",
            "size=%dm".formatted(megabytes),
            "mekiki-reliability",
            directory.toString()));
  }

  /// Unmounts what is mounted, also where a process still has a file open there.
  static void unmount(Path directory) throws IOException {
    run(List.of("umount", "-l", directory.toString()));
  }

  /// Writes until nothing more fits.
  ///
  /// @return bytes that were written
  public long fill() throws IOException {
    long written = 0;
    try (FileChannel file =
        FileChannel.open(
            directory.resolve(FILL), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      int block = BLOCK;
      while (block > 0) {
        try {
          written += file.write(ByteBuffer.allocate(block));
        } catch (IOException e) {
          // What is smaller may still fit.
          block /= 2;
        }
      }
    }
    return written;
  }

  /// Removes what {@link #fill} wrote.
  public void clear() throws IOException {
    Files.deleteIfExists(directory.resolve(FILL));
  }

  /// Lets every writer wait for a while; returns when it is over.
  ///
  /// @return how long a write of its own had to wait
  public Duration stall(Duration lasts) throws IOException, InterruptedException {
    // One command: a disk that is frozen must thaw, whatever becomes of this process.
    Process stall =
        new ProcessBuilder(
                "sh",
                "-c",
                "fsfreeze --freeze \"$0\" && { sleep \"$1\"; fsfreeze --unfreeze \"$0\"; }",
                directory.toString(),
                String.format(Locale.ROOT, "%.3f", lasts.toMillis() / 1e3))
            .inheritIO()
            .start();
    Thread.sleep(BEFORE_TRIAL);
    long begin = System.nanoTime();
    Path trial = directory.resolve(TRIAL);
    Files.write(trial, new byte[1]);
    Duration waited = Duration.ofNanos(System.nanoTime() - begin);
    int exit = stall.waitFor();
    if (exit != 0) {
      throw new IOException("fsfreeze of %s ended with %d".formatted(directory, exit));
    }
    Files.delete(trial);
    return waited;
  }

  /// Copies all that is on it.
  ///
  /// @param to must not exist
  void copyTo(Path to) throws IOException {
    run(List.of("cp", "-a", "--sparse=always", directory.toString(), to.toString()));
  }

  private static void run(List<String> command) throws IOException {
    try {
      String _ = SystemCommand.run(command);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted: " + String.join(" ", command), e);
    } catch (IOException e) {
      throw new IOException("%s (expected: root, who may mount)".formatted(e.getMessage()), e);
    }
  }

  /// Unmounts it, also where a process still has a file open there.
  @Override
  public void close() throws IOException {
    unmount(directory);
  }
}
