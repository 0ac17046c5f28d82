package dev.mekiki.encoding.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Writes files that are either complete or absent, even after a crash of the process or machine:
/// the content goes to `NAME.part`, is forced to disk and then renamed.
public final class AtomicFile {
  private AtomicFile() {}

  /// Writes a file and creates missing parent directories. An existing file is replaced.
  public static void write(Path file, byte[] content) throws IOException {
    write(
        file,
        channel -> {
          ByteBuffer bytes = ByteBuffer.wrap(content);
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }

  /// Like {@link #write(Path, byte[])}, for content that is written in pieces.
  public static void write(Path file, Content content) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    // Not createTempFile: its files are readable by their owner only.
    Path partial = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (FileChannel channel =
          FileChannel.open(
              partial,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(
          partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /// The content of a file.
  @FunctionalInterface
  public interface Content {
    /// Writes the whole content, starting at the channel's position.
    void writeTo(FileChannel channel) throws IOException;
  }
}
