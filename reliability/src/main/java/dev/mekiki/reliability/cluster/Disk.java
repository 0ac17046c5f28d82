package dev.mekiki.reliability.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// A disk of its own for one process: memory that is mounted, which only root may do. It can be
/// filled and cleared again.
public final class Disk implements AutoCloseable {
  private static final int BLOCK = 1 << 20;
  private static final String FILL = "fill";

  private final Path directory;

  private Disk(Path directory) {
    this.directory = directory;
  }

  /// Mounts one.
  ///
  /// @param directory created if it is missing
  /// @param megabytes that it holds
  /// @throws IOException where it cannot be mounted
  static Disk mount(Path directory, int megabytes) throws IOException {
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
    return new Disk(directory);
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
    run(List.of("umount", "-l", directory.toString()));
  }
}
