package dev.mekiki.encoding.decode;

import dev.mekiki.encoding.decode.BadImageException.Reason;
import java.util.concurrent.Semaphore;

/// The part of the heap that pictures may fill while they are decoded in Java (GIF and animated
/// WebP; OpenCV decodes the others in native memory). Decoders on other threads wait for their
/// turn; a picture that needs more than the whole budget is refused. Without this, one picture
/// within the limit of pixels could end the process by an OutOfMemoryError. Thread-safe.
final class HeapBudget {
  private static final int MIB = 1 << 20;

  private final int mebibytes;
  private final String remedy;
  private final Semaphore free;

  /// @param bytes that all decoders together may use
  /// @param remedy how to give them more, for messages
  HeapBudget(long bytes, String remedy) {
    this.remedy = remedy;
    this.mebibytes = Math.toIntExact(Math.max(1, bytes / MIB));
    // Fair: a large picture is not overtaken for ever by small ones.
    this.free = new Semaphore(mebibytes, true);
  }

  /// Half of the heap of this process.
  static HeapBudget ofThisProcess() {
    return new HeapBudget(
        Runtime.getRuntime().maxMemory() / 2, "half of the heap; give Java more by -Xmx");
  }

  /// Most of the heap of a process that decodes one picture at a time and does nothing else: a
  /// quarter is left to the file and the result.
  static HeapBudget ofDecodingProcess() {
    return new HeapBudget(
        Runtime.getRuntime().maxMemory() / 4 * 3,
        "three quarters of the decoding process's heap; raise mekiki.encoder.decode-memory");
  }

  /// Waits for memory to decode a picture. Close what is returned when it is free again.
  ///
  /// @throws BadImageException where the picture needs more than the whole budget
  Share take(ImageFormat format, int width, int height, int bytesPerPixel)
      throws BadImageException {
    long needed = (long) width * height * bytesPerPixel / MIB + 1;
    if (needed > mebibytes) {
      throw new BadImageException(
          Reason.TOO_MANY_PIXELS,
          ("image: %s of %d x %d pixels needs %d MiB of Java heap to decode (expected: at most %d,"
                  + " %s or send a smaller picture)")
              .formatted(format, width, height, needed, mebibytes, remedy));
    }
    int permits = Math.toIntExact(needed);
    free.acquireUninterruptibly(permits);
    return () -> free.release(permits);
  }

  /// Memory that is in use until it is closed.
  interface Share extends AutoCloseable {
    @Override
    void close();
  }
}
