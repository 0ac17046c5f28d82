package dev.mekiki.benchmarks.data;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Codes in a file that any program reads: little-endian longs, those of one code side by side, one
/// code after the other; bits past q are 0.
final class CodeFile {
  private static final int BUFFER_BYTES = 1 << 20;

  private CodeFile() {}

  /// Writes sets one after the other.
  static void write(Path file, CodeSet... sets) throws IOException {
    ByteBuffer buffer = buffer();
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (CodeSet set : sets) {
        for (int i = 0; i < set.size(); i++) {
          for (long word : set.words(i)) {
            buffer.putLong(word);
          }
          if (buffer.remaining() < HashCode.MAX_BITS / Byte.SIZE) {
            drain(buffer, channel);
          }
        }
      }
      drain(buffer, channel);
    }
  }

  /// Fills the sets with what the file holds.
  ///
  /// @throws StartException if the file's length is not that of the sets, or a code has a bit past
  ///   q
  static void read(Path file, CodeSet... sets) throws IOException {
    long codes = 0;
    for (CodeSet set : sets) {
      codes += set.size();
    }
    int bits = sets[0].bits();
    long expected = codes * HashCode.wordCount(bits) * Long.BYTES;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() != expected) {
        throw new StartException(
            ("--distribution %s: %d bytes (expected: %d, which are %d codes and queries of %d longs;"
                    + " --codes, --queries and --bits say how many)")
                .formatted(file, channel.size(), expected, codes, HashCode.wordCount(bits)));
      }
      ByteBuffer buffer = buffer().flip();
      long[] code = new long[HashCode.wordCount(bits)];
      for (CodeSet set : sets) {
        for (int i = 0; i < set.size(); i++) {
          while (buffer.remaining() < code.length * Long.BYTES) {
            buffer.compact();
            int read = channel.read(buffer);
            buffer.flip();
            if (read < 0) {
              throw new IOException(file + " became shorter while it was read");
            }
          }
          for (int word = 0; word < code.length; word++) {
            code[word] = buffer.getLong();
          }
          if (bits % Long.SIZE != 0 && code[code.length - 1] >>> (bits % Long.SIZE) != 0) {
            throw new StartException(
                "--distribution %s: code %d has a bit past bit %d (expected: all 0; see --bits)"
                    .formatted(file, i, bits));
          }
          set.set(i, code);
        }
      }
    }
  }

  private static ByteBuffer buffer() {
    return ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void drain(ByteBuffer buffer, FileChannel channel) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }
}
