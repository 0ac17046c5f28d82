package dev.mekiki.encoding.decode.process;

import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.BadImageException.Reason;
import dev.mekiki.encoding.decode.DecodeLimits;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.encoding.decode.ImageDecoder;
import dev.mekiki.encoding.decode.PictureDecoder;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/// A decoder that does to its process what a file says, in place of one that damaged pictures do it
/// to; other files are decoded.
final class TrickDecoder implements PictureDecoder {
  private final ImageDecoder pictures;

  private TrickDecoder(DecodeLimits limits) {
    pictures = new ImageDecoder(limits);
  }

  /// What runs in a decoding process of tests.
  public static void main(String[] args) throws IOException, InterruptedException {
    DecodeLimits limits =
        new DecodeLimits(
            Integer.parseInt(args[0]), Long.parseLong(args[1]), Boolean.parseBoolean(args[2]));
    DecodingMain.serve(limits, new TrickDecoder(limits));
  }

  /// A file that makes the decoder write its process id to another file and hang.
  static byte[] hang(Path pidFile) {
    return ("hang " + pidFile).getBytes(StandardCharsets.UTF_8);
  }

  /// A file that makes the decoder do something.
  static byte[] trick(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public DecodedImage decode(byte[] bytes) throws BadImageException {
    String[] words = new String(bytes, StandardCharsets.ISO_8859_1).split(" ", 2);
    try {
      switch (words[0]) {
        case "hang" -> {
          Path pidFile = Path.of(words[1]);
          Path written = Path.of(words[1] + ".new");
          Files.writeString(written, Long.toString(ProcessHandle.current().pid()));
          Files.move(written, pidFile);
          while (true) {
            LockSupport.park();
          }
        }
        case "halt" -> Runtime.getRuntime().halt(3);
        case "crash" -> {
          signal("SEGV");
          LockSupport.park();
        }
        case "memory" -> throw new OutOfMemoryError("a trick");
        case "defect" -> throw new IllegalStateException("a trick");
        case "nonsense" -> {
          new FileOutputStream(FileDescriptor.out)
              .write("Warning: nonsense\n".repeat(99).getBytes(StandardCharsets.UTF_8));
          LockSupport.park();
        }
        case "environment" ->
            throw new BadImageException(Reason.UNDECODABLE, System.getenv().keySet().toString());
        default -> {
          return pictures.decode(bytes);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError();
  }

  private static void signal(String name) throws IOException {
    new ProcessBuilder("kill", "-" + name, Long.toString(ProcessHandle.current().pid())).start();
  }
}
