package dev.mekiki.encoding.decode.process;

import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.DecodeLimits;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.encoding.decode.ImageDecoder;
import dev.mekiki.encoding.decode.PictureDecoder;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.LockSupport;

/// What runs in a decoding process: files come in by standard input, one answer for each goes out
/// by standard output. It ends when standard input does, which is when its parent ends, however
/// that ends, and even while a picture is being decoded.
public final class DecodingMain {
  /// Linux ends the process with the highest value first where memory runs out; 1000 is the most.
  private static final String FIRST_TO_END = "700";

  private DecodingMain() {}

  /// Serves the process that started this one.
  ///
  /// @param args largest file in bytes, most pixels, whether parts of JPEGs are decoded
  public static void main(String[] args) throws IOException, InterruptedException {
    DecodeLimits limits =
        new DecodeLimits(
            Integer.parseInt(args[0]), Long.parseLong(args[1]), Boolean.parseBoolean(args[2]));
    serve(limits, ImageDecoder.alone(limits));
  }

  /// Serves the process that started this one with a decoder.
  static void serve(DecodeLimits limits, PictureDecoder decoder)
      throws IOException, InterruptedException {
    DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16));
    // Whatever a library prints must not get between the answers.
    System.setOut(System.err);
    volunteer();
    outliveSignals();
    SynchronousQueue<byte[]> files = new SynchronousQueue<>();
    Thread.ofPlatform().daemon().name("mekiki-decoding-input").start(() -> read(limits, files));
    out.writeInt(Answer.READY);
    out.flush();
    try {
      while (true) {
        answer(decoder, files.take()).write(out);
        out.flush();
      }
    } catch (IOException | Error e) {
      // Without an answer, the parent must not wait for one.
      System.err.println("Decoding process ends: " + e);
      Runtime.getRuntime().halt(1);
    }
  }

  private static Answer answer(PictureDecoder decoder, byte[] file) {
    try (DecodedImage image = decoder.decode(file)) {
      return Answer.of(image);
    } catch (BadImageException e) {
      return new Answer.Refused(e.reason(), String.valueOf(e.getMessage()));
    } catch (OutOfMemoryError e) {
      return new Answer.NoMemory(String.valueOf(e.getMessage()));
    } catch (Exception | StackOverflowError e) {
      // OpenCV throws checked exceptions that it does not declare.
      return new Answer.Defect(e.toString());
    }
  }

  /// Reads files as they come; reading on while one is decoded is how the end of the parent is
  /// seen.
  private static void read(DecodeLimits limits, SynchronousQueue<byte[]> files) {
    int status = 1;
    try (DataInputStream in = new DataInputStream(new FileInputStream(FileDescriptor.in))) {
      while (true) {
        int length = in.readInt();
        if (length < 0 || length > limits.maxBytes()) {
          throw new IOException("a file of %d bytes".formatted(length));
        }
        byte[] file = new byte[length];
        in.readFully(file);
        files.put(file);
      }
    } catch (EOFException e) {
      status = 0;
    } catch (IOException | InterruptedException e) {
      System.err.println("Decoding process ends: " + e);
    } finally {
      // Not exit(): it would wait for the hook, and for a decoder that hangs.
      Runtime.getRuntime().halt(status);
    }
  }

  /// Where the machine's memory runs out, this process is a better victim than the service.
  private static void volunteer() {
    try {
      Files.writeString(Path.of("/proc/self/oom_score_adj"), FIRST_TO_END);
    } catch (IOException e) {
      System.err.println("Decoding process cannot set its oom_score_adj: " + e);
    }
  }

  /// Ctrl-C reaches all processes of a terminal, and some supervisors signal all of a service: the
  /// service finishes what is in flight then, and needs this process until it does.
  private static void outliveSignals() {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("mekiki-decoding-signals")
                .unstarted(() -> {
                  while (true) {
                    LockSupport.park();
                  }
                }));
  }
}
